"""Administrators see and change users, balances, conversations, sessions and the audit log."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from okno.accounts.dto import TelegramProfile
from okno.accounts.service import AccountsService
from okno.assistant.service import ChoicesService
from okno.billing.dto import HoldRequest
from okno.billing.service import BillingService
from okno.kit.db import Engine
from tests.support.api import Api, Reply, Someone
from tests.support.bank import ONE, WELCOME
from tests.support.talking import balance_of, expect_nothing_held, say

USERS = "/api/admin/users"
AUDIT = "/api/admin/audit"
USER = {
    *("userId", "login", "telegramId", "username", "firstName", "lastName", "role"),
    *("currentBalance", "totalTokens", "registeredAt", "lastSeenAt"),
}
DIALOG = {"id", "title", "model", "persona", "createdAt", "updatedAt", "messages"}
MESSAGE = {"id", "role", "content", "status", "failure", "tokens", "createdAt"}
ENTRY = {
    *("id", "at", "role", "userId", "serviceId", "action", "targetId", "address"),
    *("requestId", "details", "status"),
}


async def users(api: Api, admin: Someone, **params: Any) -> list[dict[str, Any]]:
    reply = await api.get(USERS, admin.token, params=params)
    assert reply.status == 200
    assert set(reply.body) == {"users"}
    found: list[dict[str, Any]] = reply.body["users"]
    return found


async def set_balance(
    api: Api, admin: Someone, user_id: str, amount: Any, key: str | None = None
) -> Reply:
    headers = {} if key is None else {"Idempotency-Key": key}
    path = f"/api/admin/user/{user_id}/balance"
    return await api.post(path, {"amount": amount}, admin.token, headers=headers)


async def dialogs(api: Api, admin: Someone, user_id: str, **params: Any) -> Reply:
    return await api.get(f"/api/admin/user/{user_id}/dialogs", admin.token, params=params)


async def test_an_admin_sees_all_users(api: Api) -> None:
    anna, admin = await api.register("anna"), await api.make_admin()
    profile = TelegramProfile(7001, "Boris", "Ivanov", "boris_i")
    await (await api.container.get(AccountsService)).register(profile)
    used = (await say(api, anna, "echo: One")).body["tokensUsed"]
    found = await users(api, admin)
    assert all(set(user) == USER for user in found)
    boris, _admin, of_anna = found
    assert (boris["telegramId"], boris["login"], boris["username"]) == ("7001", None, "boris_i")
    assert (boris["currentBalance"], boris["totalTokens"]) == (None, 0)
    assert (of_anna["userId"], of_anna["login"], of_anna["role"]) == (anna.id, "anna", "user")
    assert of_anna["currentBalance"] == WELCOME - used
    assert of_anna["totalTokens"] == used


async def test_users_come_in_pages(api: Api) -> None:
    admin = await api.make_admin("admin")
    for name in ("anna", "boris"):
        await api.register(name)
    pages = [await api.get(USERS, admin.token, params={"page": n, "size": 2}) for n in range(3)]
    logins = [[user["login"] for user in reply.body["users"]] for reply in pages]
    assert logins == [["boris", "anna"], ["admin"], []]
    assert {reply.headers["X-Total-Count"] for reply in pages} == {"3"}


async def test_users_are_found_by_a_piece_of_a_name(api: Api) -> None:
    admin, anna = await api.make_admin("admin"), await api.register("anna")
    assert [user["login"] for user in await users(api, admin, query="nn")] == ["anna"]
    assert [user["login"] for user in await users(api, admin, query=anna.id)] == ["anna"]
    for odd in ("%", "_", "\\", "nobody", "9" * 100):
        assert await users(api, admin, query=odd) == []


async def test_a_balance_is_set(api: Api) -> None:
    anna, admin = await api.register(), await api.make_admin()
    for amount in (5, 0, 10**12, WELCOME):
        reply = await set_balance(api, admin, anna.id, amount)
        assert (reply.status, reply.body) == (200, {"success": True})
        assert (await balance_of(api, anna)).balance == amount
    await expect_nothing_held(api)
    statement = await api.get("/api/billing/statement", anna.token)
    newest = statement.body["entries"][0]
    assert (newest["kind"], newest["amount"]) == ("adjustment", WELCOME - 10**12)


async def test_a_repeat_sets_no_balance(api: Api) -> None:
    anna, admin = await api.register(), await api.make_admin()
    await set_balance(api, admin, anna.id, 500, key="k")
    await say(api, anna, "echo: One")
    left = (await balance_of(api, anna)).balance
    assert (await set_balance(api, admin, anna.id, 500, key="k")).body == {"success": True}
    assert (await balance_of(api, anna)).balance == left < 500
    other = await set_balance(api, admin, anna.id, 600, key="k")
    assert (other.status, other.code) == (409, "change-differs")
    await set_balance(api, admin, anna.id, 500, key="another")
    assert (await balance_of(api, anna)).balance == 500


async def test_of_many_at_once_the_books_are_right(api: Api) -> None:
    anna, admin = await api.register(), await api.make_admin()
    replies = await asyncio.gather(
        *(set_balance(api, admin, anna.id, amount) for amount in range(100, 110))
    )
    assert {reply.status for reply in replies} == {200}
    assert (await balance_of(api, anna)).balance in range(100, 110)
    await expect_nothing_held(api)


async def test_what_is_held_stays_covered(api: Api) -> None:
    anna, admin = await api.register(), await api.make_admin()
    billing = await api.container.get(BillingService)
    hold = await billing.reserve(anna.actor, HoldRequest(ONE, 0, 300, 300, "test"))
    refused = await set_balance(api, admin, anna.id, 299)
    assert (refused.status, refused.code) == (409, "balance-too-low")
    assert (await set_balance(api, admin, anna.id, 300)).status == 200
    charged = await (await api.container.get(BillingService)).settle(
        anna.actor, hold.id, 200, "test"
    )
    assert charged == 200
    assert (await balance_of(api, anna)).balance == 100
    await expect_nothing_held(api)


@pytest.mark.parametrize(
    "amount", [-1, 1.5, True, "100", None, [], 10**12 + 1, 1e300, float("nan"), float("inf")]
)
async def test_what_is_no_balance_is_refused(api: Api, amount: Any) -> None:
    admin = await api.make_admin()
    reply = await set_balance(api, admin, admin.id, amount)
    assert (reply.status, reply.code) == (400, "request-invalid")


async def test_dialogs_come_with_their_messages(api: Api) -> None:
    anna, admin = await api.register(), await api.make_admin()
    assert (await dialogs(api, admin, anna.id)).body == {"dialogs": []}
    await say(api, anna, "echo: One")
    await (await api.container.get(ChoicesService)).new(anna.actor)
    await say(api, anna, "echo: Two")
    await say(api, anna, "echo: Three")
    reply = await dialogs(api, admin, anna.id)
    assert reply.status == 200
    assert set(reply.body) == {"dialogs"}
    found = reply.body["dialogs"]
    assert all(set(dialog) == DIALOG for dialog in found)
    assert all(set(message) == MESSAGE for dialog in found for message in dialog["messages"])
    said = [[message["content"] for message in dialog["messages"]] for dialog in found]
    assert said == [["echo: Two", "Two", "echo: Three", "Three"], ["echo: One", "One"]]
    second = await dialogs(api, admin, anna.id, page=1, size=1)
    assert [dialog["title"] for dialog in second.body["dialogs"]] == ["echo: One"]
    assert second.headers["X-Total-Count"] == "2"
    assert (await dialogs(api, admin, anna.id, page=2, size=1)).body == {"dialogs": []}


async def test_of_a_long_dialog_the_end_is_shown(api: Api) -> None:
    anna, admin = await api.register(), await api.make_admin()
    assert (await say(api, anna, "echo: 0")).status == 200
    ask = text(
        "INSERT INTO messages (conversation_id, role, text, status, created_at)"
        " SELECT id, 'user', :text, 'failed', now() FROM conversations"
    )
    async with (await api.container.get(Engine)).begin() as connection:
        for number in range(1, 71):
            await connection.execute(ask, {"text": str(number)})
    (dialog,) = (await dialogs(api, admin, anna.id)).body["dialogs"]
    shown = [message["content"] for message in dialog["messages"]]
    assert shown == [str(number) for number in range(21, 71)]


async def test_an_admin_ends_the_sign_ins_of_a_user(api: Api) -> None:
    anna, admin = await api.register(), await api.make_admin()
    path = f"/api/admin/user/{anna.id}/sessions"
    assert (await api.delete(path, admin.token)).status == 204
    assert (await api.get("/api/me", anna.token)).code == "token-invalid"
    refresh = await api.post("/api/auth/refresh", {"refreshToken": anna.refresh_token})
    assert refresh.code == "session-ended"
    assert (await api.get("/api/me", admin.token)).status == 200


async def test_what_was_done_is_written_down(api: Api) -> None:
    anna, admin, program = await api.register(), await api.make_admin(), await api.make_service()
    await set_balance(api, admin, anna.id, 5, key="k")
    await set_balance(api, admin, "4711", 5)
    body = {"externalId": "customer-1", "name": "Boris"}
    made = await api.post("/api/users", body, program.assertion())
    reply = await api.get(AUDIT, admin.token)
    assert reply.status == 200
    assert set(reply.body) == {"entries"}
    assert all(set(entry) == ENTRY for entry in reply.body["entries"])
    looked, created, failed, changed = reply.body["entries"]
    assert (looked["userId"], looked["status"]) == (admin.id, None)
    assert (created["role"], created["serviceId"]) == ("service", str(program.service_id))
    assert (created["userId"], created["status"]) == (None, made.status)
    assert (failed["targetId"], failed["status"]) == ("4711", 404)
    assert (changed["targetId"], changed["status"]) == (anna.id, 200)
    assert changed["details"]["amount"] == 5
    assert changed["userId"] == admin.id


async def test_what_was_done_comes_in_pages(api: Api) -> None:
    admin = await api.make_admin()
    for _ in range(3):
        await users(api, admin)
    page = await api.get(AUDIT, admin.token, params={"page": 1, "size": 2})
    assert len(page.body["entries"]) == 2
    assert page.headers["X-Total-Count"] == "4"
    beyond = await api.get(AUDIT, admin.token, params={"page": 9, "size": 2})
    assert beyond.body == {"entries": []}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", USERS, None),
        ("POST", "/api/admin/user/{user}/balance", {"amount": 5}),
        ("GET", "/api/admin/user/{user}/dialogs", None),
        ("DELETE", "/api/admin/user/{user}/sessions", None),
        ("GET", AUDIT, None),
    ],
)
async def test_nobody_else_may(api: Api, method: str, path: str, body: Any) -> None:
    anna, admin, program = await api.register(), await api.make_admin(), await api.make_service()
    path = path.format(user=anna.id)
    strangers = [anna.token, program.assertion(), await api.make_api_key(admin)]
    for token in strangers:
        reply = await api.request(method, path, token=token, json=body)
        assert (reply.status, reply.code) == (403, "forbidden")
    nobody = await api.request(method, path, json=body)
    assert (nobody.status, nobody.code) == (401, "token-missing")


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "balance"), ("GET", "dialogs"), ("DELETE", "sessions")]
)
async def test_an_unknown_user_is_not_found(api: Api, method: str, path: str) -> None:
    admin = await api.make_admin()
    body = {"amount": 5} if method == "POST" else None
    unknown = f"/api/admin/user/{{}}/{path}"
    reply = await api.request(method, unknown.format(4711), token=admin.token, json=body)
    assert (reply.status, reply.code) == (404, "user-not-found")
    for odd in ("0", "x", "-1", "1.0", "%00", "9" * 19, "%ED%A0%80"):
        reply = await api.request(method, unknown.format(odd), token=admin.token, json=body)
        assert (reply.status, reply.code) == (400, "request-invalid")
