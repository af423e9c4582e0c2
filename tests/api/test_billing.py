"""The balance over HTTP: seen, topped up, accounted for, bought."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from okno.accounts.scopes import USERS
from okno.assistant.scopes import CHAT
from tests.support.api import Api, Reply, Someone
from tests.support.bank import WELCOME
from tests.support.service_program import ServiceProgram
from tests.support.talking import expect_nothing_held, say, scalar

TOPUP = "/api/billing/topup"
STATEMENT = "/api/billing/statement"
ENTRY = {"id", "amount", "kind", "balanceAfter", "note", "createdAt"}


async def billing(api: Api, user_id: str, token: str) -> Reply:
    return await api.get("/api/billing", token, params={"userId": user_id})


async def top_up(
    api: Api, user_id: str, token: str, amount: Any = 1000, key: str | None = None
) -> Reply:
    headers = {} if key is None else {"Idempotency-Key": key}
    return await api.post(TOPUP, {"userId": user_id, "amount": amount}, token, headers=headers)


async def make_user(api: Api, program: ServiceProgram, name: str = "customer-1") -> str:
    body = {"externalId": name, "name": "Anna"}
    return str((await api.post("/api/users", body, program.assertion())).body["userId"])


async def test_a_new_user_has_the_welcome_gift(api: Api) -> None:
    anna = await api.register()
    reply = await billing(api, anna.id, anna.token)
    assert reply.status == 200
    assert reply.body == {"totalTokens": 0, "currentBalance": WELCOME}


async def test_what_was_used_is_what_left_the_balance(api: Api) -> None:
    anna = await api.register()
    used = [(await say(api, anna, f"echo: {word}")).body["tokensUsed"] for word in "abc"]
    assert (await billing(api, anna.id, anna.token)).body == {
        "totalTokens": sum(used),
        "currentBalance": WELCOME - sum(used),
    }


async def test_an_admin_tops_up(api: Api) -> None:
    anna, admin = await api.register(), await api.make_admin()
    reply = await top_up(api, anna.id, admin.token)
    assert reply.status == 200
    assert reply.body == {"success": True, "currentBalance": WELCOME + 1000}
    assert (await billing(api, anna.id, admin.token)).body["currentBalance"] == WELCOME + 1000
    await expect_nothing_held(api)


async def test_a_service_tops_up_its_own_users(api: Api) -> None:
    program, stranger = await api.make_service(), await api.make_service()
    user_id = await make_user(api, program)
    assert (await top_up(api, user_id, program.assertion())).body["success"] is True
    foreign = await top_up(api, user_id, stranger.assertion())
    assert (foreign.status, foreign.code) == (403, "forbidden")
    anna = await api.register()
    assert (await top_up(api, anna.id, program.assertion())).code == "forbidden"


async def test_a_service_needs_the_scope(api: Api) -> None:
    program = await api.make_service(USERS, CHAT)
    user_id = await make_user(api, program)
    assert (await top_up(api, user_id, program.assertion())).code == "forbidden"
    assert (await billing(api, user_id, program.assertion())).code == "forbidden"


async def test_nobody_else_tops_up(api: Api) -> None:
    anna, admin = await api.register(), await api.make_admin()
    for token in (anna.token, await api.make_api_key(anna), await api.make_api_key(admin)):
        assert (await top_up(api, anna.id, token)).code == "forbidden"
    assert (await top_up(api, admin.id, await api.make_api_key(admin))).code == "forbidden"
    assert (await billing(api, anna.id, anna.token)).body["currentBalance"] == WELCOME


async def test_the_same_key_tops_up_once(api: Api) -> None:
    anna, admin = await api.register(), await api.make_admin()
    replies = await asyncio.gather(
        *(top_up(api, anna.id, admin.token, key="order-1") for _ in range(20))
    )
    assert {reply.status for reply in replies} == {200}
    assert {reply.body["currentBalance"] for reply in replies} == {WELCOME + 1000}
    assert await scalar(api, "SELECT count(*) FROM ledger_entries WHERE kind = 'topup'") == 1
    await expect_nothing_held(api)


async def test_a_key_is_good_for_one_amount(api: Api) -> None:
    anna, admin = await api.register(), await api.make_admin()
    await top_up(api, anna.id, admin.token, key="order-1")
    other = await top_up(api, anna.id, admin.token, 2000, key="order-1")
    assert (other.status, other.code) == (409, "change-differs")
    assert (await billing(api, anna.id, anna.token)).body["currentBalance"] == WELCOME + 1000


async def test_without_a_key_each_is_its_own(api: Api) -> None:
    anna, admin = await api.register(), await api.make_admin()
    await asyncio.gather(*(top_up(api, anna.id, admin.token) for _ in range(3)))
    assert (await billing(api, anna.id, anna.token)).body["currentBalance"] == WELCOME + 3000


async def test_a_key_is_good_for_one_user_and_one_actor(api: Api) -> None:
    program, admin = await api.make_service(), await api.make_admin()
    one, two = await make_user(api, program), await make_user(api, program, "customer-2")
    for user_id in (one, two):
        await top_up(api, user_id, program.assertion(), key="order-1")
    await top_up(api, one, admin.token, key="order-1")
    balances = [(await billing(api, each, admin.token)).body for each in (one, two)]
    assert [each["currentBalance"] for each in balances] == [WELCOME + 2000, WELCOME + 1000]


@pytest.mark.parametrize(
    "amount",
    [
        *("0", "-1", "1.5", "true", '"100"', "null", "[1]", "1e300", "1000000000001"),
        *("NaN", "Infinity", "-Infinity", "1e999", "9" * 5000),
    ],
)
async def test_what_is_no_amount_is_refused(api: Api, amount: str) -> None:
    admin = await api.make_admin()
    content = f'{{"userId": "{admin.id}", "amount": {amount}}}'
    headers = {"Content-Type": "application/json"}
    reply = await api.request("POST", TOPUP, token=admin.token, data=content, headers=headers)
    assert (reply.status, reply.code) == (400, "request-invalid")


async def test_a_whole_number_may_have_a_fraction_of_nothing(api: Api) -> None:
    admin = await api.make_admin()
    reply = await top_up(api, admin.id, admin.token, 100.0)
    assert reply.body["currentBalance"] == WELCOME + 100


@pytest.mark.parametrize("key", ["", "x" * 65, "order 1"])
async def test_what_is_no_key_is_refused(api: Api, key: str) -> None:
    admin = await api.make_admin()
    assert (await top_up(api, admin.id, admin.token, key=key)).code == "request-invalid"


async def test_the_statement_tells_every_change(api: Api) -> None:
    anna, admin = await api.register(), await api.make_admin()
    used = (await say(api, anna, "echo: One")).body["tokensUsed"]
    await top_up(api, anna.id, admin.token)
    reply = await api.get(STATEMENT, anna.token)
    assert reply.status == 200
    assert set(reply.body) == {"entries"}
    assert all(set(entry) == ENTRY for entry in reply.body["entries"])
    changes = [
        (entry["kind"], entry["amount"], entry["balanceAfter"]) for entry in reply.body["entries"]
    ]
    assert changes == [
        ("topup", 1000, WELCOME - used + 1000),
        ("usage", -used, WELCOME - used),
        ("grant", WELCOME, WELCOME),
    ]


async def test_the_statement_comes_in_pages(api: Api) -> None:
    anna, admin = await api.register(), await api.make_admin()
    for amount in (1, 2, 3):
        await top_up(api, anna.id, admin.token, amount)
    pages = [
        await api.get(STATEMENT, anna.token, params={"page": page, "size": 3}) for page in range(3)
    ]
    assert [reply.headers["X-Total-Count"] for reply in pages] == ["4"] * 3
    amounts = [[entry["amount"] for entry in reply.body["entries"]] for reply in pages]
    assert amounts == [[3, 2, 1], [WELCOME], []]


@pytest.mark.parametrize(
    "params",
    [
        *({"page": page} for page in ("-1", "x", "1.5", "9" * 30)),
        *({"size": size} for size in ("0", "101", "x", "")),
        *({"userId": user_id} for user_id in ("", "0", "x", "-1", "1.0", "٣", "9" * 19, "1\0")),
    ],
)
async def test_what_names_no_page_is_refused(api: Api, params: dict[str, str]) -> None:
    anna = await api.register()
    reply = await api.get(STATEMENT, anna.token, params=params)
    assert (reply.status, reply.code) == (400, "request-invalid")


@pytest.mark.parametrize("path", ["/api/billing", STATEMENT])
async def test_the_balance_of_others_is_not_shown(api: Api, path: str) -> None:
    anna, boris, admin = await api.register(), await api.register(), await api.make_admin()
    program = await api.make_service()
    for user_id in (boris.id, "4711"):
        for token in (anna.token, await api.make_api_key(anna), program.assertion()):
            reply = await api.get(path, token, params={"userId": user_id})
            assert (reply.status, reply.code) == (403, "forbidden")
    assert (await api.get(path, admin.token, params={"userId": boris.id})).status == 200
    unknown = await api.get(path, admin.token, params={"userId": "4711"})
    assert (unknown.status, unknown.code) == (404, "user-not-found")


async def test_a_service_has_no_statement_of_its_own(api: Api) -> None:
    program = await api.make_service()
    reply = await api.get(STATEMENT, program.assertion())
    assert (reply.status, reply.code) == (400, "user-id-missing")


async def test_packages_are_told_as_the_bot_offers_them(api: Api) -> None:
    anna = await api.register()
    reply = await api.get("/api/billing/packages", anna.token, headers={"Accept-Language": "ru"})
    assert reply.status == 200
    assert reply.body["packages"][0] == {
        "id": "small",
        "name": "50 000 единиц",
        "stars": 50,
        "tokens": 50_000,
    }


async def test_an_unknown_user_is_told_to_an_admin_alone(api: Api) -> None:
    anna, admin = await api.register(), await api.make_admin()
    assert (await top_up(api, "4711", admin.token)).code == "user-not-found"
    assert (await top_up(api, "4711", anna.token)).code == "forbidden"


async def test_one_id_is_not_taken_for_another(api: Api) -> None:
    anna: Someone = await api.register()
    boris = replace(anna, user_id=anna.user_id + 10**17)
    assert (await billing(api, boris.id, anna.token)).code == "forbidden"
