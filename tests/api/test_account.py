"""One's own account."""

from okno.accounts.service import PersonalDataService
from okno.capabilities import SCOPES
from tests.support.api import Api

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
