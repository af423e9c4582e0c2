"""Sign-ins that last: going on with one, seeing and ending them."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from okno.kit.settings import Settings
from tests.support.api import PASSWORD, Api, Reply, open_api

FIELDS = {"id", "address", "device", "createdAt", "usedAt", "expiresAt", "isCurrent"}


async def refresh(api: Api, token: str) -> Reply:
    return await api.post("/api/auth/refresh", {"refreshToken": token})


async def sessions(api: Api, token: str) -> list[dict[str, Any]]:
    reply = await api.get("/api/auth/sessions", token)
    assert reply.status == 200
    assert set(reply.body) == {"sessions"}
    found: list[dict[str, Any]] = reply.body["sessions"]
    return found


async def test_a_refresh_token_gives_the_next_one(api: Api) -> None:
    anna = await api.register()
    reply = await refresh(api, anna.refresh_token)
    assert reply.status == 200
    assert set(reply.body) == {"userId", "token", "expiresIn", "refreshToken"}
    assert reply.body["userId"] == anna.id
    assert reply.body["refreshToken"] != anna.refresh_token
    assert (await api.get("/api/me", reply.body["token"])).status == 200
    assert len(await sessions(api, reply.body["token"])) == 1


async def test_a_refresh_token_that_comes_again_ends_the_sign_in(api: Api) -> None:
    anna = await api.register()
    renewed = (await refresh(api, anna.refresh_token)).body
    again = await refresh(api, anna.refresh_token)
    assert (again.status, again.code) == (401, "session-ended")
    assert (await refresh(api, renewed["refreshToken"])).code == "session-ended"
    assert (await api.get("/api/me", renewed["token"])).code == "token-invalid"


async def test_of_two_refreshes_at_once_one_is_good(api: Api) -> None:
    anna = await api.register()
    replies = await asyncio.gather(*(refresh(api, anna.refresh_token) for _ in range(2)))
    assert sorted(reply.status for reply in replies) == [200, 401]


@pytest.mark.parametrize(
    ("token", "status"), [("okr_nobody", 401), ("", 400), ("x" * 200, 400), (17, 400)]
)
async def test_what_is_no_refresh_token_is_refused(api: Api, token: Any, status: int) -> None:
    assert (await refresh(api, token)).status == status


async def test_a_sign_in_outlives_the_process(settings: Settings, clean: None) -> None:
    async with open_api(settings) as api:
        anna = await api.register()
    async with open_api(settings, url=api.address) as restarted:
        assert (await restarted.get("/api/me", anna.token)).status == 200
        renewed = await refresh(restarted, anna.refresh_token)
        assert (await restarted.get("/api/me", renewed.body["token"])).status == 200


async def test_signing_out_ends_this_sign_in(api: Api) -> None:
    here = await api.register("anna")
    there = await api.sign_in("anna")
    assert (await api.post("/api/auth/logout", None, here.token)).status == 204
    assert (await api.get("/api/me", here.token)).code == "token-invalid"
    assert (await refresh(api, here.refresh_token)).code == "session-ended"
    assert (await api.get("/api/me", there.token)).status == 200
    assert (await api.post("/api/auth/logout", None, here.token)).status == 401


async def test_one_sees_where_one_is_signed_in(api: Api) -> None:
    here = await api.register("anna")
    body = {"username": "anna", "password": PASSWORD}
    device = "Firefox\t" + "x" * 300
    there = await api.post("/api/auth/login", body, headers={"User-Agent": device})
    newest, oldest = await sessions(api, there.body["token"])
    assert set(newest) == FIELDS
    assert (newest["isCurrent"], oldest["isCurrent"]) == (True, False)
    assert newest["address"] == "127.0.0.1"
    assert newest["device"] == ("Firefox" + "x" * 300)[:254]
    assert [one["isCurrent"] for one in await sessions(api, here.token)] == [False, True]


async def test_one_sign_in_is_ended(api: Api) -> None:
    here = await api.register("anna")
    there = await api.sign_in("anna")
    other = next(one for one in await sessions(api, here.token) if not one["isCurrent"])
    path = f"/api/auth/sessions/{other['id']}"
    assert (await api.delete(path, here.token)).status == 204
    assert (await api.get("/api/me", there.token)).status == 401
    assert len(await sessions(api, here.token)) == 1
    assert (await api.delete(path, here.token)).status == 204


async def test_all_other_sign_ins_are_ended(api: Api) -> None:
    here = await api.register("anna")
    there = [await api.sign_in("anna") for _ in range(2)]
    assert (await api.delete("/api/auth/sessions", here.token)).status == 204
    assert [(await api.get("/api/me", one.token)).status for one in there] == [401, 401]
    assert len(await sessions(api, here.token)) == 1


async def test_the_sign_ins_of_others_are_out_of_reach(api: Api) -> None:
    anna, boris = await api.register(), await api.register()
    of_boris = (await sessions(api, boris.token))[0]["id"]
    for session_id in (of_boris, str(uuid4())):
        reply = await api.delete(f"/api/auth/sessions/{session_id}", anna.token)
        assert (reply.status, reply.code) == (404, "session-not-found")
    assert (await api.get("/api/me", boris.token)).status == 200


@pytest.mark.parametrize("session_id", ["17", "x", "%00", "%ED%A0%80", "0" * 33])
async def test_what_names_no_sign_in_is_refused(api: Api, session_id: str) -> None:
    anna = await api.register()
    reply = await api.delete(f"/api/auth/sessions/{session_id}", anna.token)
    assert (reply.status, reply.code) == (400, "request-invalid")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/auth/logout"),
        ("GET", "/api/auth/sessions"),
        ("DELETE", "/api/auth/sessions"),
        ("DELETE", "/api/auth/sessions/0f8b2f3e-9a7d-4c21-8000-000000000000"),
    ],
)
async def test_an_api_key_has_no_sign_ins(api: Api, method: str, path: str) -> None:
    key = await api.make_api_key(await api.register())
    assert (await api.request(method, path, token=key)).status == 403
