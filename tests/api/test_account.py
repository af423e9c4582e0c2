"""One's own account."""

from okno.accounts.service import PersonalDataService
from okno.capabilities import SCOPES
from tests.support.api import PASSWORD, Api

FIELDS = {
    "userId",
    "login",
    "telegramId",
    "username",
    "firstName",
    "lastName",
    "language",
    "role",
    "registeredAt",
}


async def test_one_sees_ones_own_account(api: Api) -> None:
    anna = await api.register("Anna")
    reply = await api.get("/api/me", anna.token)
    assert reply.status == 200
    assert set(reply.body) == FIELDS
    assert {name: reply.body[name] for name in FIELDS - {"registeredAt"}} == {
        "userId": anna.id,
        "login": "anna",
        "telegramId": None,
        "username": "Anna",
        "firstName": "Anna",
        "lastName": None,
        "language": "en",
        "role": "user",
    }


async def test_an_admin_is_called_one(api: Api) -> None:
    admin = await api.make_admin()
    assert (await api.get("/api/me", admin.token)).body["role"] == "admin"


async def test_it_is_for_people_who_have_signed_in(api: Api) -> None:
    anna = await api.register()
    program = await api.make_service(*SCOPES)
    assert (await api.get("/api/me")).code == "token-missing"
    assert (await api.get("/api/me", await api.make_api_key(anna))).code == "forbidden"
    assert (await api.get("/api/me", program.assertion())).code == "forbidden"


async def test_a_deleted_account_has_no_sign_ins(api: Api) -> None:
    anna = await api.register()
    await (await api.container.get(PersonalDataService)).delete(anna.actor)
    assert (await api.get("/api/me", anna.token)).code == "token-invalid"


async def test_all_that_is_kept_is_one_file(api: Api) -> None:
    anna = await api.register("Anna")
    await api.make_api_key(anna, 500)
    asked = {"userId": anna.id, "message": "echo: hello"}
    assert (await api.post("/api/chat", asked, anna.token)).status == 200

    reply = await api.get("/api/account/export", anna.token)

    assert reply.status == 200
    assert reply.headers["Content-Disposition"] == 'attachment; filename="okno-data.json"'
    data = reply.body
    assert (data["user_id"], data["login"]) == (int(anna.id), "anna")
    [conversation] = data["conversations"]
    assert [message["text"] for message in conversation["messages"]] == ["echo: hello", "hello"]
    [key] = data["api_keys"]
    assert key["budget"]["amount"] == 500
    assert len(data["sessions"]) == 1
    assert data["balance"]["balance"] == sum(entry["amount"] for entry in data["ledger"])


async def test_the_password_deletes_the_account(api: Api) -> None:
    anna = await api.register("anna")

    reply = await api.delete("/api/account", anna.token, json={"password": PASSWORD})

    assert reply.status == 204
    assert (await api.get("/api/me", anna.token)).code == "token-invalid"
    again = await api.post("/api/auth/login", {"username": "anna", "password": PASSWORD})
    assert again.code == "credentials-wrong"


async def test_without_the_password_nothing_is_deleted(api: Api) -> None:
    anna = await api.register("anna")
    wrong = await api.delete("/api/account", anna.token, json={"password": "a door to the sea"})
    missing = await api.delete("/api/account", anna.token, json={})
    assert (wrong.code, missing.code) == ("credentials-wrong", "request-invalid")
    assert (await api.get("/api/me", anna.token)).status == 200


async def test_neither_keys_nor_services_export_or_delete(api: Api) -> None:
    anna, program = await api.register(), await api.make_service(*SCOPES)
    key = await api.make_api_key(anna)
    replies = [
        await api.get("/api/account/export", key),
        await api.get("/api/account/export", program.assertion()),
        await api.delete("/api/account", key, json={"password": PASSWORD}),
        await api.delete("/api/account", program.assertion(), json={"password": PASSWORD}),
    ]
    assert {reply.code for reply in replies} == {"forbidden"}
