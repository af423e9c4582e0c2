"""Rate limits: counted per caller, announced in headers, refused with a waiting time."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from api.config import ApiSettings
from api.rates import parse_rate
from okno.assistant.scopes import CHAT
from okno.kit.redis import Redis
from okno.kit.settings import RedisSettings, Settings
from tests.support.api import PASSWORD, Api, open_api
from tests.support.probe import probe

THREE = parse_rate("3/minute")


@pytest.fixture
async def strict(settings: Settings, clean: None) -> AsyncIterator[Api]:
    """Three of everything."""
    names = ("user", "key", "service", "address", "sign_in", "register", "refresh", "confirmation")
    rates: dict[str, Any] = {f"rate_{name}": THREE for name in names}
    async with open_api(settings, routes=probe, **rates) as opened:
        yield opened


async def statuses(api: Api, token: str, times: int) -> list[int]:
    return [(await api.get("/probe/chat", token)).status for _ in range(times)]


async def test_what_is_left_is_told_with_every_answer(strict: Api) -> None:
    anna = await strict.register()

    replies = [await strict.get("/probe/chat", anna.token) for _ in range(2)]

    assert [reply.headers["RateLimit-Policy"] for reply in replies] == ['"user";q=3;w=60'] * 2
    assert [reply.headers["RateLimit"] for reply in replies] == [
        '"user";r=2;t=20',
        '"user";r=1;t=40',
    ]


async def test_one_too_many_is_refused_until_a_time(strict: Api) -> None:
    anna = await strict.register()

    assert await statuses(strict, anna.token, 3) == [200, 200, 200]
    reply = await strict.get("/probe/chat", anna.token)

    assert (reply.status, reply.code) == (429, "too-many-requests")
    assert 1 <= int(reply.headers["Retry-After"]) <= 20
    assert reply.body["seconds"] == int(reply.headers["Retry-After"])
    assert reply.headers["RateLimit"].startswith('"user";r=0;t=')


async def test_the_time_that_is_told_is_enough(settings: Settings, clean: None) -> None:
    async with open_api(settings, routes=probe, rate_user=parse_rate("1/second")) as api:
        anna = await api.register()
        assert await statuses(api, anna.token, 1) == [200]
        refused = await api.get("/probe/chat", anna.token)
        assert refused.status == 429

        await asyncio.sleep(int(refused.headers["Retry-After"]))

        assert await statuses(api, anna.token, 1) == [200]


async def test_at_once_no_more_pass_than_one_after_the_other(strict: Api) -> None:
    anna = await strict.register()

    replies = await asyncio.gather(*(strict.get("/probe/chat", anna.token) for _ in range(10)))

    assert sorted(reply.status for reply in replies) == [200] * 3 + [429] * 7


async def test_everybody_has_a_limit_of_their_own(strict: Api) -> None:
    anna, boris = await strict.register(), await strict.register()
    key = await strict.make_api_key(anna)
    assert await statuses(strict, anna.token, 4) == [200, 200, 200, 429]

    assert await statuses(strict, boris.token, 3) == [200, 200, 200]
    # The key has its own bucket, but a second sign-in of the same user has not.
    assert await statuses(strict, key, 4) == [200, 200, 200, 429]
    again = await strict.sign_in(anna.login)
    assert await statuses(strict, again.token, 1) == [429]


async def test_services_are_counted(strict: Api) -> None:
    service, other = await strict.make_service(CHAT), await strict.make_service(CHAT)

    found = [await statuses(strict, service.assertion(), 1) for _ in range(4)]

    assert found == [[200], [200], [200], [429]]
    assert await statuses(strict, other.assertion(), 1) == [200]


async def test_who_cannot_say_who_it_is_counts_by_address(strict: Api) -> None:
    anna = await strict.register()

    refused = [await strict.get("/probe/chat", "made-up") for _ in range(4)]
    nobody = await strict.get("/probe/chat")

    assert [reply.status for reply in refused] == [401, 401, 401, 429]
    assert refused[0].headers["RateLimit-Policy"] == '"address";q=3;w=60'
    assert nobody.status == 429
    # Others from the same address are none the worse for it.
    assert await statuses(strict, anna.token, 1) == [200]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/api/auth/login", {"username": "nobody", "password": PASSWORD}, 401),
        ("/api/auth/refresh", {"refreshToken": "okr_unknown"}, 401),
        ("/api/auth/telegram", {"telegramId": "7001", "password": PASSWORD}, 202),
    ],
)
async def test_what_strangers_may_try_is_limited_by_address(
    strict: Api, path: str, body: dict[str, Any], status: int
) -> None:
    replies = [await strict.post(path, body) for _ in range(4)]

    assert [reply.status for reply in replies] == [status] * 3 + [429]


async def test_registering_is_limited_by_address(strict: Api) -> None:
    replies = [
        await strict.post("/api/auth/register", {"username": f"anna{number}", "password": PASSWORD})
        for number in range(4)
    ]

    assert [reply.status for reply in replies] == [200, 200, 200, 429]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/api/auth/login", {"username": "Anna", "password": "wrong and long"}, "username"),
        ("/api/auth/telegram", {"telegramId": "7001", "password": PASSWORD}, "telegramId"),
    ],
)
async def test_one_account_is_not_tried_from_many_addresses(
    settings: Settings, clean: None, path: str, body: dict[str, Any], field: str
) -> None:
    trusted = (
        settings[ApiSettings].model_validate({"trusted_proxies": "127.0.0.1/32"}).trusted_proxies
    )
    async with open_api(
        settings, trusted_proxies=trusted, rate_sign_in=THREE, rate_confirmation=THREE
    ) as api:

        async def from_address(number: int, **changed: str) -> int:
            headers = {"X-Forwarded-For": f"203.0.113.{number}"}
            return (await api.post(path, {**body, **changed}, headers=headers)).status

        assert [await from_address(number) == 429 for number in range(4)] == [False] * 3 + [True]
        # However it is spelt.
        assert await from_address(5, **{field: f" {body[field].upper()} "}) in (429, 400)
        assert await from_address(6, **{field: "7002"}) != 429


async def test_redis_holds_no_login(strict: Api) -> None:
    await strict.post("/api/auth/login", {"username": "anna-the-user", "password": PASSWORD})

    redis = await strict.container.get(Redis)
    keys = [key async for key in redis.scan_iter("okno:rate:*")]

    assert len(keys) == 2
    assert not [key for key in keys if "anna" in key]
    assert all([await redis.pttl(key) > 0 for key in keys])


async def test_without_redis_people_go_on_but_nobody_signs_in(
    probed: Api, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    anna = await probed.register()
    nowhere = settings[RedisSettings].model_copy(update={"host": "127.0.0.1", "port": 9})
    # The token is good for the address that it was made for.
    async with open_api(settings.replaced(nowhere), routes=probe, url=probed.address) as api:
        reply = await api.get("/probe/chat", anna.token)
        assert reply.status == 200
        assert "RateLimit" not in reply.headers

        reply = await api.post("/api/auth/login", {"username": anna.login, "password": PASSWORD})
        assert (reply.status, reply.code) == (503, "unavailable")
    assert "requests not counted" in caplog.text
