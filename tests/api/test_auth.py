"""Registering, signing in, passwords: who is let in, and what the others are told."""

import asyncio
from typing import Any

import pytest

from api.rates import parse_rate
from okno.kit.settings import Settings
from tests.support.api import PASSWORD, Api, Reply, Someone, open_api

ANNA = {"username": "anna", "password": PASSWORD}
SIGNED_IN = {"userId", "token", "expiresIn", "refreshToken"}
OTHER = "another window to the sea"


async def register(api: Api, body: Any = None, **options: Any) -> Reply:
    return await api.post("/api/auth/register", ANNA if body is None else body, **options)


async def login(api: Api, username: str = "anna", password: str = PASSWORD) -> Reply:
    return await api.post("/api/auth/login", {"username": username, "password": password})


async def change(api: Api, someone: Someone, old: str, new: str) -> Reply:
    body = {"oldPassword": old, "newPassword": new}
    return await api.post("/api/auth/password", body, someone.token)


async def is_signed_in(api: Api, token: str) -> bool:
    reply = await api.get("/api/me", token)
    assert reply.status in (200, 401)
    return reply.status == 200


async def test_whoever_registers_is_signed_in(api: Api) -> None:
    reply = await register(api)
    assert reply.status == 200
    assert set(reply.body) == SIGNED_IN
    me = await api.get("/api/me", reply.body["token"])
    assert (me.body["userId"], me.body["login"]) == (reply.body["userId"], "anna")


@pytest.mark.parametrize(
    ("asked", "spoken"), [("ru-RU,ru;q=0.9,en;q=0.8", "ru"), ("de", "en"), ("", "en")]
)
async def test_the_account_speaks_the_language_of_the_client(
    api: Api, asked: str, spoken: str
) -> None:
    made = await register(api, headers={"Accept-Language": asked})
    assert (await api.get("/api/me", made.body["token"])).body["language"] == spoken


async def test_of_two_who_want_one_name_at_once_one_gets_it(api: Api) -> None:
    replies = await asyncio.gather(register(api), register(api))
    assert sorted(reply.status for reply in replies) == [200, 409]
    assert {reply.code for reply in replies} == {None, "login-taken"}


async def test_a_name_in_capital_letters_is_the_same_name(api: Api) -> None:
    await register(api)
    assert (await register(api, {**ANNA, "username": "ANNA"})).code == "login-taken"
    assert (await login(api, "Anna")).status == 200


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("username", "an", "login-invalid"),
        ("username", "12345", "login-invalid"),
        ("username", "anna maria", "login-invalid"),
        ("username", "анна", "login-invalid"),
        ("username", "an\0na", "login-invalid"),
        ("username", "", "request-invalid"),
        ("username", "a" * 65, "request-invalid"),
        ("username", 17, "request-invalid"),
        ("username", None, "request-invalid"),
        ("password", "seven77", "password-too-short"),
        ("password", "p" * 129, "password-too-long"),
        ("password", "p" * 5000, "request-invalid"),
        ("password", "password1", "password-too-common"),
        ("password", "", "request-invalid"),
        ("password", ["a window"], "request-invalid"),
    ],
)
async def test_what_does_not_fit_is_refused(api: Api, field: str, value: Any, code: str) -> None:
    reply = await register(api, {**ANNA, field: value})
    assert (reply.status, reply.code) == (400, code)
    if code == "request-invalid":
        assert [error["field"] for error in reply.body["errors"]] == [field]


@pytest.mark.parametrize("path", ["/api/auth/register", "/api/auth/login"])
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"anna"',
        b'{"username": "anna"}',
        b'{"password": "a window to the sea"}',
        b'{"username": "an\\ud800na", "password": "a window to the sea"}',
        b'{"username": "anna", "password": "a window to the sea\\udfff"}',
        b'{"username": "anna", "password": "a window to the \xff"}',
    ],
)
async def test_what_can_not_be_read_is_refused(api: Api, path: str, content: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    reply = await api.request("POST", path, data=content, headers=headers)
    assert (reply.status, reply.code) == (400, "request-invalid")


async def test_any_letters_make_a_password(api: Api) -> None:
    password = "окно\0 \U0001f30a в море"
    await register(api, {**ANNA, "password": password})
    assert (await login(api, "anna", password)).status == 200
    assert (await login(api, "anna", password.replace("\0", ""))).code == "credentials-wrong"


async def test_signing_in_gives_a_token(api: Api) -> None:
    anna = await api.register("anna")
    reply = await login(api)
    assert reply.status == 200
    assert set(reply.body) == SIGNED_IN
    assert reply.body["userId"] == anna.id
    assert await is_signed_in(api, reply.body["token"])


async def test_nobody_learns_who_exists(api: Api) -> None:
    await api.register("anna")
    wrong, unknown = await login(api, "anna", OTHER), await login(api, "boris", OTHER)
    assert wrong.status == unknown.status == 401
    assert wrong.headers["WWW-Authenticate"] == "Bearer"
    for reply in (wrong, unknown):
        del reply.body["requestId"]
    assert wrong.body == unknown.body
    assert wrong.code == "credentials-wrong"


async def test_passwords_can_not_be_tried_without_end(settings: Settings, clean: None) -> None:
    async with open_api(settings, rate_sign_in=parse_rate("2/minute")) as api:
        await api.register("anna")
        replies = [await login(api, "anna", OTHER) for _ in range(3)]
        assert [reply.status for reply in replies] == [401, 401, 429]
        assert replies[-1].code == "too-many-requests"
        assert int(replies[-1].headers["Retry-After"]) > 0
        assert (await login(api)).status == 429


async def test_another_password_ends_the_other_sign_ins(api: Api) -> None:
    here = await api.register("anna")
    there = await api.sign_in("anna")
    assert (await change(api, here, PASSWORD, OTHER)).status == 204
    assert await is_signed_in(api, here.token)
    assert not await is_signed_in(api, there.token)
    assert (await login(api)).code == "credentials-wrong"
    assert (await login(api, "anna", OTHER)).status == 200


@pytest.mark.parametrize(
    ("old", "new", "status", "code"),
    [
        (OTHER, OTHER, 401, "credentials-wrong"),
        (PASSWORD, "seven77", 400, "password-too-short"),
        (PASSWORD, "p" * 129, 400, "password-too-long"),
        (PASSWORD, "password1", 400, "password-too-common"),
        (PASSWORD, "", 400, "request-invalid"),
    ],
)
async def test_another_password_may_be_refused(
    api: Api, old: str, new: str, status: int, code: str
) -> None:
    anna = await api.register("anna")
    reply = await change(api, anna, old, new)
    assert (reply.status, reply.code) == (status, code)
    assert (await login(api)).status == 200


async def test_a_password_is_not_changed_with_an_api_key(api: Api) -> None:
    anna = await api.register("anna")
    body = {"oldPassword": PASSWORD, "newPassword": OTHER}
    reply = await api.post("/api/auth/password", body, await api.make_api_key(anna))
    assert (reply.status, reply.code) == (403, "forbidden")
