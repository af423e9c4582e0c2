"""The published document, section by section, as a client that knows nothing else follows it.

Paths, parameters, fields, types and status codes are its own; what it does not mention is not used.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from sandbox.llm import Fault, FaultKind, LanguageModelEmulator
from tests.support.api import PASSWORD, Api, Reply
from tests.support.talking import leave_units

STRANGER = "4711"


@dataclass(frozen=True, slots=True)
class Client:
    """A client that knows only an address, a user id and a token, as in the document."""

    api: Api
    user_id: str
    token: str

    async def get(self, path: str, params: Mapping[str, str] | None = None) -> Reply:
        return await self.api.get(path, self.token, params=params)

    async def post(self, path: str, body: Any) -> Reply:
        return await self.api.post(path, body, self.token)


@pytest.fixture
async def client(api: Api) -> Client:
    """Somebody who came in by the document's own door."""
    body = {"username": "anna", "password": PASSWORD}
    registered = await api.post("/api/auth/register", body)
    return Client(api, registered.body["userId"], registered.body["token"])


@pytest.fixture
async def admin(api: Api) -> Client:
    someone = await api.make_admin()
    return Client(api, someone.id, someone.token)


def check(reply: Reply, **fields: type) -> None:
    """Fail unless it is 200 and has these fields, of these types."""
    assert reply.status == 200, reply.body
    assert {name: type(reply.body.get(name)) for name in fields} == fields


def without(body: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key != name}


async def refuses_without(client: Client, path: str, body: Mapping[str, Any]) -> None:
    """Fail unless every parameter is needed, and a token, too."""
    for name in body:
        assert (await client.post(path, without(body, name))).status == 400
    assert (await client.api.post(path, dict(body))).status == 401
    assert (await client.api.post(path, dict(body), "no token")).status == 401


async def refuses_to_read_without(client: Client, path: str) -> None:
    """Fail unless `userId` and a token are needed."""
    assert (await client.get(path)).status == 400
    assert (await client.api.get(path, params={"userId": client.user_id})).status == 401


async def test_1_1_processing_requests(
    client: Client, language_models: LanguageModelEmulator
) -> None:
    body = {"userId": client.user_id, "message": "What is a window?"}
    reply = await client.post("/api/chat", body)
    check(reply, message=str, context=list, tokensUsed=int)
    said = [{"role": "user", "content": "One"}, {"role": "assistant", "content": "Two"}]
    reply = await client.post("/api/chat", {**body, "context": said})
    check(reply, message=str, context=list, tokensUsed=int)
    assert reply.body["context"][:2] == said
    await refuses_without(client, "/api/chat", body)
    language_models.add_fault(Fault(FaultKind.BAD_REQUEST))
    assert (await client.post("/api/chat", body)).status == 500


async def test_1_1_a_request_that_is_not_paid_for(api: Api) -> None:
    someone = await api.register()
    await leave_units(api, someone, 0)
    client = Client(api, someone.id, someone.token)
    body = {"userId": client.user_id, "message": "What is a window?"}
    assert (await client.post("/api/chat", body)).status == 402


async def test_2_1_saving_the_context(client: Client) -> None:
    body = {"userId": client.user_id, "context": [{"role": "user", "content": "One"}]}
    reply = await client.post("/api/context", body)
    check(reply, success=bool)
    assert reply.body["success"] is True
    await refuses_without(client, "/api/context", body)


async def test_2_2_reading_the_context(client: Client) -> None:
    params = {"userId": client.user_id}
    assert (await client.get("/api/context", params)).status == 404
    context = [{"role": "user", "content": "One"}]
    await client.post("/api/context", {**params, "context": context})
    reply = await client.get("/api/context", params)
    check(reply, context=list)
    assert reply.body["context"] == context
    await refuses_to_read_without(client, "/api/context")


async def test_2_3_resetting_the_context(client: Client) -> None:
    body = {"userId": client.user_id}
    await client.post("/api/chat", {**body, "message": "What is a window?"})
    reply = await client.post("/api/context/reset", body)
    check(reply, success=bool)
    assert (await client.get("/api/context", body)).status == 404
    await refuses_without(client, "/api/context/reset", body)


async def test_3_1_the_billing(client: Client) -> None:
    params = {"userId": client.user_id}
    before = await client.get("/api/billing", params)
    check(before, totalTokens=int, currentBalance=int)
    chat = await client.post("/api/chat", {**params, "message": "What is a window?"})
    after = await client.get("/api/billing", params)
    used = chat.body["tokensUsed"]
    assert after.body["totalTokens"] == before.body["totalTokens"] + used
    assert after.body["currentBalance"] == before.body["currentBalance"] - used
    await refuses_to_read_without(client, "/api/billing")


async def test_3_2_topping_up(client: Client, admin: Client) -> None:
    params = {"userId": client.user_id}
    before = (await client.get("/api/billing", params)).body["currentBalance"]
    body = {**params, "amount": 100}
    reply = await admin.post("/api/billing/topup", body)
    check(reply, success=bool, currentBalance=int)
    assert reply.body == {"success": True, "currentBalance": before + 100}
    await refuses_without(admin, "/api/billing/topup", body)


async def test_4_1_registering(api: Api) -> None:
    body = {"username": "anna", "password": PASSWORD}
    reply = await api.post("/api/auth/register", body)
    check(reply, userId=str, token=str)
    assert reply.body["userId"].isdecimal()
    assert (await api.post("/api/auth/register", body)).status == 409
    for name in body:
        assert (await api.post("/api/auth/register", without(body, name))).status == 400


async def test_4_2_signing_in(client: Client) -> None:
    body = {"username": "anna", "password": PASSWORD}
    reply = await client.api.post("/api/auth/login", body)
    check(reply, token=str)
    params = {"userId": client.user_id}
    assert (await client.api.get("/api/billing", reply.body["token"], params=params)).status == 200
    for name in body:
        wrong = {**body, name: "not the right one"}
        assert (await client.api.post("/api/auth/login", wrong)).status == 401
        assert (await client.api.post("/api/auth/login", without(body, name))).status == 400


async def test_5_1_the_users(client: Client, admin: Client) -> None:
    reply = await admin.get("/api/admin/users")
    check(reply, users=list)
    assert {user["userId"] for user in reply.body["users"]} == {client.user_id, admin.user_id}
    assert (await client.get("/api/admin/users")).status == 403
    assert (await client.api.get("/api/admin/users")).status == 401


async def test_5_2_changing_a_balance(client: Client, admin: Client) -> None:
    path = f"/api/admin/user/{client.user_id}/balance"
    reply = await admin.post(path, {"amount": 4711})
    check(reply, success=bool)
    billing = await client.get("/api/billing", {"userId": client.user_id})
    assert billing.body["currentBalance"] == 4711
    assert (await client.post(path, {"amount": 4711})).status == 403
    await refuses_without(admin, path, {"amount": 4711})


async def test_5_3_the_dialogs_of_a_user(client: Client, admin: Client) -> None:
    await client.post("/api/chat", {"userId": client.user_id, "message": "What is a window?"})
    path = f"/api/admin/user/{client.user_id}/dialogs"
    reply = await admin.get(path)
    check(reply, dialogs=list)
    (dialog,) = reply.body["dialogs"]
    assert dialog["messages"][0]["content"] == "What is a window?"
    assert (await client.get(path)).status == 403
    assert (await client.api.get(path)).status == 401


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/chat", {"message": "What is a window?"}),
        ("/api/context", {"context": []}),
        ("/api/context/reset", {}),
    ],
)
async def test_nobody_writes_for_somebody_else(client: Client, path: str, body: Any) -> None:
    assert (await client.post(path, {"userId": STRANGER, **body})).status == 403


@pytest.mark.parametrize("path", ["/api/context", "/api/billing"])
async def test_nobody_reads_what_is_somebody_elses(client: Client, path: str) -> None:
    assert (await client.get(path, {"userId": STRANGER})).status == 403
