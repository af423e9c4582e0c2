"""Assertions of services: every rule, broken once."""

import asyncio
import hmac
from collections.abc import AsyncIterator
from time import time
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from redis.exceptions import ConnectionError as RedisConnectionError

from okno.accounts.dto import Credential, Principal
from okno.accounts.errors import TokenExpired, TokenInvalid
from okno.accounts.scopes import USERS
from okno.accounts.service import ServicesService
from okno.accounts.service.assertions import Assertions
from okno.assistant.scopes import CHAT
from okno.kit.actor import SYSTEM, Actor, Role
from okno.kit.errors import TemporarilyUnavailable
from okno.kit.redis import Redis, RedisPipeline
from okno.kit.settings import Settings
from tests.support.bank import Bank
from tests.support.service_keys import AUDIENCE, ServiceKeys, _base64

SHOP = "shop"


@pytest.fixture
async def bank(settings: Settings, clean: None) -> AsyncIterator[Bank]:
    bank = Bank(settings)
    yield bank
    await bank.close()


@pytest.fixture
def keys() -> ServiceKeys:
    return ServiceKeys()


@pytest.fixture
async def shop(bank: Bank, keys: ServiceKeys) -> int:
    services = await bank.container.get(ServicesService)
    return (await services.register(SYSTEM, SHOP, keys.pem, {CHAT, USERS})).id


async def check(bank: Bank, assertion: str) -> Principal:
    return await (await bank.container.get(Assertions)).check(assertion)


async def test_a_service_is_recognised(bank: Bank, shop: int, keys: ServiceKeys) -> None:
    principal = await check(bank, keys.assertion(SHOP))

    scopes = frozenset({CHAT, USERS})
    assert principal.actor == Actor(Role.SERVICE, service_id=shop, scopes=scopes)
    assert (principal.credential, principal.credential_id) == (Credential.SERVICE, keys.id)


async def test_the_newer_name_of_the_algorithm_is_as_good(
    bank: Bank, shop: int, keys: ServiceKeys
) -> None:
    assertion = keys.sign(keys.claims(SHOP), alg="Ed25519")

    assert (await check(bank, assertion)).credential_id == keys.id


async def test_an_assertion_is_good_once_however_many_come_at_once(
    bank: Bank, shop: int, keys: ServiceKeys
) -> None:
    assertion = keys.assertion(SHOP)

    outcomes = await asyncio.gather(
        *(check(bank, assertion) for _ in range(10)), return_exceptions=True
    )

    assert sum(isinstance(one, Principal) for one in outcomes) == 1
    assert sum(isinstance(one, TokenInvalid) for one in outcomes) == 9


async def test_its_id_is_remembered_for_as_long_as_it_is_good(
    bank: Bank, shop: int, keys: ServiceKeys
) -> None:
    await check(bank, keys.assertion(SHOP))

    redis = await bank.container.get(Redis)
    (name,) = [name async for name in redis.scan_iter("okno:assertion:*")]
    assert 70 <= await redis.ttl(name) <= 80


async def test_another_assertion_with_the_same_id_is_a_repeat(
    bank: Bank, shop: int, keys: ServiceKeys
) -> None:
    once = str(uuid4())
    await check(bank, keys.assertion(SHOP, jti=once, exp=int(time()) + 20))

    with pytest.raises(TokenInvalid):
        await check(bank, keys.assertion(SHOP, jti=once))


async def test_without_redis_none_is_good(
    bank: Bank, shop: int, keys: ServiceKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_command: Any) -> None:
        raise RedisConnectionError

    monkeypatch.setattr(RedisPipeline, "run", fail)

    with pytest.raises(TemporarilyUnavailable):
        await check(bank, keys.assertion(SHOP))


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "other"},
        {"iss": None},
        {"iss": 7},
        {"sub": "other"},
        {"sub": None},
        {"aud": "https://example.org"},
        {"aud": AUDIENCE + "/"},
        {"aud": None},
        {"aud": [AUDIENCE]},
        {"aud": [AUDIENCE, "https://example.org"]},
        {"jti": None},
        {"jti": ""},
        {"jti": 7},
        {"jti": "x" * 256},
        {"iat": None},
        {"iat": "now"},
        {"iat": True},
        {"exp": None},
        {"exp": "never"},
        {"nbf": 4_000_000_000},
    ],
    ids=str,
)
async def test_a_claim_that_is_wrong_is_refused(
    bank: Bank, shop: int, keys: ServiceKeys, wrong: dict[str, Any]
) -> None:
    with pytest.raises(TokenInvalid):
        await check(bank, keys.assertion(SHOP, **wrong))


@pytest.mark.parametrize(
    ("issued", "expires"),
    [(0, 61), (-30, 31), (30, 60), (0, 0), (10, 5), (0, float("inf")), (0, 10**400)],
    ids=str,
)
async def test_it_lives_a_minute_at_the_most_and_begins_now(
    bank: Bank, shop: int, keys: ServiceKeys, issued: int, expires: float
) -> None:
    now = int(time())
    with pytest.raises((TokenInvalid, TokenExpired)):
        await check(bank, keys.assertion(SHOP, iat=now + issued, exp=now + expires))


async def test_one_that_is_over_says_so(bank: Bank, shop: int, keys: ServiceKeys) -> None:
    now = int(time())
    with pytest.raises(TokenExpired):
        await check(bank, keys.assertion(SHOP, iat=now - 70, exp=now - 10))


async def test_clocks_may_differ_by_some_seconds(bank: Bank, shop: int, keys: ServiceKeys) -> None:
    now = int(time())
    await check(bank, keys.assertion(SHOP, iat=now + 3, exp=now + 63))
    await check(bank, keys.assertion(SHOP, iat=now - 62, exp=now - 2))


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"},
        {"alg": "HS256"},
        {"alg": "Ed448"},
        {"alg": None},
        {"typ": "JWT"},
        {"typ": "at+jwt"},
        {"typ": None},
        {"kid": None},
        {"kid": 7},
        {"kid": "unknown"},
        {"kid": "x" * 65},
        {"kid": "\0"},
        {"crit": ["exp"], "exp": 1},
        {"unheard-of": 1},
    ],
    ids=str,
)
async def test_a_header_that_is_wrong_is_refused(
    bank: Bank, shop: int, keys: ServiceKeys, header: dict[str, Any]
) -> None:
    with pytest.raises(TokenInvalid):
        await check(bank, keys.sign(keys.claims(SHOP), **header))


async def test_the_key_in_the_header_is_not_looked_at(
    bank: Bank, shop: int, keys: ServiceKeys
) -> None:
    thief = ServiceKeys()
    forged = thief.sign(thief.claims(SHOP), kid=keys.id, jwk={"kty": "OKP", "crv": "Ed25519"})

    with pytest.raises(TokenInvalid):
        await check(bank, forged)


async def test_the_public_key_is_no_shared_secret(bank: Bank, shop: int, keys: ServiceKeys) -> None:
    signed = keys.sign(keys.claims(SHOP), alg="HS256").rpartition(".")[0]
    mac = _base64(hmac.digest(keys.pem.encode(), signed.encode(), "sha256"))

    with pytest.raises(TokenInvalid):
        await check(bank, f"{signed}.{mac}")


async def test_another_curve_is_refused(bank: Bank, shop: int, keys: ServiceKeys) -> None:
    signed = keys.assertion(SHOP).rpartition(".")[0]
    signature = _base64(Ed448PrivateKey.generate().sign(signed.encode()))

    with pytest.raises(TokenInvalid):
        await check(bank, f"{signed}.{signature}")


@pytest.mark.parametrize("changed", [0, 1, 2])
async def test_whoever_changes_a_part_breaks_it(
    bank: Bank, shop: int, keys: ServiceKeys, changed: int
) -> None:
    ours, others = keys.assertion(SHOP).split("."), keys.assertion(SHOP, jti="x").split(".")
    ours[changed] = others[changed] if changed else _base64(b'{"alg":"EdDSA"}')

    with pytest.raises(TokenInvalid):
        await check(bank, ".".join(ours))


@pytest.mark.parametrize(
    "nonsense",
    [
        "",
        ".",
        "..",
        "...",
        "a.b.c",
        "é.é.é",
        "\ud800",
        "x" * 200_000,
        "W10.W10.W10",
        "bnVsbA..",
        "MQ..",
    ],
    ids=lambda text: ascii(text)[:20],
)
async def test_nonsense_is_refused(bank: Bank, shop: int, nonsense: str) -> None:
    with pytest.raises(TokenInvalid):
        await check(bank, nonsense)


@pytest.mark.parametrize("claims", [[], "x", 1, None])
async def test_claims_that_are_no_object_are_refused(
    bank: Bank, shop: int, keys: ServiceKeys, claims: object
) -> None:
    with pytest.raises(TokenInvalid):
        await check(bank, keys.sign(claims))


async def test_two_keys_are_good_while_they_are_changed(
    bank: Bank, shop: int, keys: ServiceKeys
) -> None:
    new = ServiceKeys()
    services = await bank.container.get(ServicesService)
    await services.add_key(SYSTEM, shop, new.pem)
    await check(bank, keys.assertion(SHOP))
    await check(bank, new.assertion(SHOP))

    await services.revoke_key(SYSTEM, shop, keys.id)

    await check(bank, new.assertion(SHOP))
    with pytest.raises(TokenInvalid):
        await check(bank, keys.assertion(SHOP))


async def test_the_key_of_one_service_says_nothing_for_another(
    bank: Bank, shop: int, keys: ServiceKeys
) -> None:
    other = ServiceKeys()
    await (await bank.container.get(ServicesService)).register(SYSTEM, "other", other.pem, set())

    with pytest.raises(TokenInvalid):
        await check(bank, other.assertion(SHOP))
