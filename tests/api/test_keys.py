"""API keys: made, listed, revoked, and what they may be spent on."""

import asyncio
from typing import Any

import pytest

from tests.support.api import Api, Reply, Someone
from tests.support.talking import complete

LINE = {"id", "name", "hint", "limit", "spent", "createdAt", "usedAt"}
MAX_KEYS = 20


async def create(api: Api, someone: Someone, name: Any = "notebook", **fields: Any) -> Reply:
    return await api.post("/api/keys", {"name": name, **fields}, someone.token)


async def keys(api: Api, someone: Someone) -> list[dict[str, Any]]:
    reply = await api.get("/api/keys", someone.token)
    assert reply.status == 200
    assert set(reply.body) == {"keys"}
    found: list[dict[str, Any]] = reply.body["keys"]
    return found


async def test_a_key_is_shown_once(api: Api) -> None:
    anna = await api.register()
    made = await create(api, anna)
    assert made.status == 201
    assert set(made.body) == {"id", "name", "hint", "key", "limit", "createdAt"}
    assert made.body["key"].startswith("okno_")
    assert made.body["key"].startswith(made.body["hint"])
    (line,) = await keys(api, anna)
    assert set(line) == LINE
    assert line == {
        "id": made.body["id"],
        "name": "notebook",
        "hint": made.body["hint"],
        "limit": None,
        "spent": None,
        "createdAt": made.body["createdAt"],
        "usedAt": None,
    }


async def test_a_key_opens_what_it_is_for_and_nothing_else(api: Api) -> None:
    anna = await api.register()
    key = (await create(api, anna)).body["key"]
    assert (await api.get("/api/billing", key, params={"userId": anna.id})).status == 200
    assert (await api.get("/api/keys", key)).code == "forbidden"
    assert (await api.post("/api/keys", {"name": "another"}, key)).code == "forbidden"
    assert (await keys(api, anna))[0]["usedAt"] is not None


async def test_a_key_with_a_limit_shows_what_is_spent(api: Api) -> None:
    anna = await api.register()
    made = await create(api, anna, limit=5000)
    assert made.body["limit"] == 5000
    assert (await complete(api, made.body["key"], "echo: One")).status == 200
    (line,) = await keys(api, anna)
    assert line["limit"] == 5000
    billing = await api.get("/api/billing", anna.token, params={"userId": anna.id})
    assert line["spent"] == billing.body["totalTokens"] > 0


async def test_a_revoked_key_is_good_no_more(api: Api) -> None:
    anna = await api.register()
    made = (await create(api, anna)).body
    params = {"userId": anna.id}
    assert (await api.get("/api/billing", made["key"], params=params)).status == 200
    assert (await api.delete(f"/api/keys/{made['id']}", anna.token)).status == 204
    assert (await api.get("/api/billing", made["key"], params=params)).code == "token-invalid"
    assert await keys(api, anna) == []
    again = await api.delete(f"/api/keys/{made['id']}", anna.token)
    assert (again.status, again.code) == (404, "api-key-not-found")


async def test_the_keys_of_others_are_out_of_reach(api: Api) -> None:
    anna, boris = await api.register(), await api.register()
    made = (await create(api, boris)).body
    reply = await api.delete(f"/api/keys/{made['id']}", anna.token)
    assert (reply.status, reply.code) == (404, "api-key-not-found")
    assert await keys(api, anna) == []
    assert len(await keys(api, boris)) == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "request-invalid"),
        ({"name": ""}, "request-invalid"),
        ({"name": "x" * 65}, "request-invalid"),
        ({"name": 17}, "request-invalid"),
        ({"name": " \0\t "}, "name-empty"),
        *(
            ({"name": "x", "limit": limit}, "request-invalid")
            for limit in (0, -1, 1.5, True, "100", 10**12 + 1, 1e300, [1])
        ),
    ],
)
async def test_what_makes_no_key_is_refused(api: Api, body: Any, code: str) -> None:
    anna = await api.register()
    reply = await api.post("/api/keys", body, anna.token)
    assert (reply.status, reply.code) == (400, code)
    assert await keys(api, anna) == []


@pytest.mark.parametrize("key_id", ["0", "x", "-1", "1.0", "%00", "9" * 19])
async def test_what_names_no_key_is_refused(api: Api, key_id: str) -> None:
    anna = await api.register()
    reply = await api.delete(f"/api/keys/{key_id}", anna.token)
    assert (reply.status, reply.code) == (400, "request-invalid")


async def test_nobody_has_more_keys_than_may_be(api: Api) -> None:
    anna = await api.register()
    replies = await asyncio.gather(*(create(api, anna) for _ in range(MAX_KEYS + 3)))
    assert sorted(reply.status for reply in replies) == [201] * MAX_KEYS + [409] * 3
    assert {reply.code for reply in replies} == {None, "too-many-api-keys"}
    assert len(await keys(api, anna)) == MAX_KEYS
