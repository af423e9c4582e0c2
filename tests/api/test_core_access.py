"""Each kind of route is open to its kinds of callers only."""

from typing import Any

import pytest

from okno.accounts.scopes import USERS
from okno.assistant.scopes import CHAT
from okno.billing.scopes import BILLING
from okno.capabilities import SCOPES
from okno.kit.actor import Scope
from tests.support.api import Api

WAYS = ("session", "admin", "key", "service")
KINDS = {
    "/probe/chat": {"session", "admin", "key", "service"},
    "/probe/own": {"session", "admin"},
    "/probe/admin/17": {"admin"},
    "/probe/users": {"session", "admin", "service"},
    "/probe/topup": {"session", "admin", "key", "service"},
}
POSTED = ("/probe/admin/17", "/probe/users", "/probe/topup")


async def token_of(api: Api, way: str) -> str:
    match way:
        case "session":
            return (await api.register()).token
        case "admin":
            return (await api.make_admin()).token
        case "key":
            return await api.make_api_key(await api.make_admin())
        case _:
            return (await api.make_service()).assertion()


@pytest.mark.parametrize("way", WAYS)
async def test_who_may_use_what(probed: Api, way: str) -> None:
    for path, allowed in KINDS.items():
        token = await token_of(probed, way)
        method = "POST" if path in POSTED else "GET"
        body: dict[str, Any] = {"json": {}} if path in POSTED else {}
        reply = await probed.request(method, path, token=token, **body)
        assert reply.status == (200 if way in allowed else 403), path


@pytest.mark.parametrize("scope", SCOPES)
async def test_a_service_needs_the_scope(probed: Api, scope: Scope) -> None:
    service = await probed.make_service(scope)

    replies = {
        CHAT: await probed.get("/probe/chat", service.assertion()),
        BILLING: await probed.post("/probe/topup", {}, service.assertion()),
        USERS: await probed.post("/probe/users", {}, service.assertion()),
    }

    assert [found for found, reply in replies.items() if reply.status == 200] == [
        found for found in replies if found is scope
    ]


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "token-missing"),
        ("", "token-missing"),
        ("Bearer", "token-missing"),
        ("Bearer ", "token-missing"),
        ("Basic YW5uYTphbm5h", "token-missing"),
        ("Bearer nonsense", "token-invalid"),
        ("bearer okno_nonsense", "token-invalid"),
    ],
)
async def test_who_is_nobody_is_told_how_to_be_somebody(
    probed: Api, header: str | None, code: str
) -> None:
    headers = {} if header is None else {"Authorization": header}

    reply = await probed.get("/probe/own", headers=headers)

    assert (reply.status, reply.code) == (401, code)
    assert reply.headers["WWW-Authenticate"] == "Bearer"


async def test_a_user_acts_for_nobody_else(probed: Api) -> None:
    anna, boris = await probed.register(), await probed.register()
    admin = await probed.make_admin()

    async def ask(token: str, user_id: str) -> int:
        return (await probed.get("/probe/context", token, params={"userId": user_id})).status

    assert await ask(anna.token, anna.id) == 200
    assert await ask(anna.token, boris.id) == 403
    assert await ask(anna.token, "999999") == 403, "whether somebody exists is not told"
    assert await ask(admin.token, boris.id) == 200
    assert await ask(admin.token, "999999") == 404


async def test_a_service_has_to_name_its_user(probed: Api) -> None:
    service = await probed.make_service()

    reply = await probed.get("/api/me", service.assertion())
    assert reply.status == 403, "a service is no person"
