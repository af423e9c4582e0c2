"""Tokens of each kind are recognised with their rights; withdrawn rights end at once."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from redis.asyncio.client import Pipeline
from redis.exceptions import ConnectionError as RedisConnectionError
from sqlalchemy import event

from okno.accounts.cache import USER, PrincipalCache
from okno.accounts.dto import Credential, Principal
from okno.accounts.errors import TokenExpired, TokenInvalid, UserNotFound
from okno.accounts.service import ServicesService
from okno.accounts.service.access_tokens import AccessTokens
from okno.assistant.scopes import CHAT
from okno.capabilities import SCOPES
from okno.kit.actor import SYSTEM, Actor, Forbidden, Role
from okno.kit.db import Engine
from okno.kit.redis import Redis
from okno.kit.settings import Settings
from tests.conftest import ADMIN_ID
from tests.support.front_door import FrontDoor, user
from tests.support.service_keys import ServiceKeys

SHOP = "shop"


@pytest.fixture
def keys() -> ServiceKeys:
    return ServiceKeys()


@pytest.fixture
async def shop(door: FrontDoor, keys: ServiceKeys) -> AsyncIterator[int]:
    async with door.use(ServicesService) as services:
        yield (await services.register(SYSTEM, SHOP, keys.pem, {CHAT})).id


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine.sync_engine, "before_cursor_execute", note)


async def exchange(door: FrontDoor, assertion: str) -> str:
    async with door.use(ServicesService) as services:
        return (await services.exchange(assertion)).token


async def forge(door: FrontDoor, user_id: int, session_id: Any) -> str:
    """Sign what nobody was given, as if our own key had been misused."""
    signer = await (await door.container.get(AccessTokens)).signer()
    return signer.for_user(user_id, session_id).token


async def test_a_person_is_recognised_by_an_access_token(door: FrontDoor) -> None:
    signed_in = await door.register()
    principal = await door.authenticate(signed_in.token)
    assert principal.actor == Actor(Role.USER, signed_in.user_id)
    assert principal.credential is Credential.SESSION
    assert not principal.has_budget


async def test_a_program_is_recognised_by_an_api_key(door: FrontDoor) -> None:
    user_id = (await door.register()).user_id
    free = await door.authenticate(await door.make_api_key(user_id))
    limited = await door.authenticate(await door.make_api_key(user_id, limit=100))
    first = Actor(Role.USER, user_id, api_key_id=1)
    second = Actor(Role.USER, user_id, api_key_id=2)
    assert free == Principal(first, Credential.API_KEY, "1")
    assert limited == Principal(second, Credential.API_KEY, "2", has_budget=True)


async def test_a_service_is_recognised_by_an_assertion_and_by_the_token_for_it(
    door: FrontDoor, shop: int, keys: ServiceKeys
) -> None:
    direct = await door.authenticate(keys.assertion(SHOP))
    swapped = await door.authenticate(await exchange(door, keys.assertion(SHOP)))
    actor = Actor(Role.SERVICE, service_id=shop, scopes=frozenset({CHAT}))
    assert direct == swapped == Principal(actor, Credential.SERVICE, keys.id)


@pytest.mark.parametrize(
    "token",
    [
        *("", ".", "..", "okno_", "okno_" + "a" * 43, "okr_" + "a" * 43, "Bearer x"),
        *("eyJhbGciOiJub25lIn0.e30.", "é.é.é", "a.b.c", "\0", "\ud800", "x" * 5000),
        "okno_" + "x" * 100_000,
    ],
    ids=lambda token: ascii(token[:20]),
)
async def test_what_is_no_token_of_ours_is_refused(door: FrontDoor, token: str) -> None:
    with pytest.raises(TokenInvalid):
        await door.authenticate(token)


async def test_a_refresh_token_opens_nothing_but_a_session(door: FrontDoor) -> None:
    with pytest.raises(TokenInvalid):
        await door.authenticate((await door.register()).refresh_token)


async def test_an_access_token_is_good_for_ten_minutes_remembered_or_not(
    door: FrontDoor, other_door: FrontDoor
) -> None:
    token = (await door.register()).token
    door.clock.ahead += timedelta(seconds=600)
    await door.authenticate(token)
    door.clock.ahead += timedelta(seconds=6)
    for one in (door, other_door, door):
        with pytest.raises(TokenExpired):
            await one.authenticate(token)


async def test_a_changed_letter_is_noticed_although_the_token_is_remembered(
    door: FrontDoor,
) -> None:
    token = (await door.register()).token
    await door.authenticate(token)
    for place in (10, len(token) // 2, len(token) - 5):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(TokenInvalid):
            await door.authenticate(changed)


async def test_the_session_of_a_token_has_to_be_that_users(door: FrontDoor) -> None:
    anna, boris = await door.register(), await door.register("boris")
    session = (await door.authenticate(anna.token)).credential_id
    for user_id, session_id in ((boris.user_id, session), (anna.user_id, uuid4())):
        with pytest.raises(TokenInvalid):
            await door.authenticate(await forge(door, user_id, session_id))


async def test_whoever_is_known_costs_no_sql(door: FrontDoor, shop: int, keys: ServiceKeys) -> None:
    signed_in = await door.register()
    tokens = [
        signed_in.token,
        await door.make_api_key(signed_in.user_id),
        await exchange(door, keys.assertion(SHOP)),
    ]
    for token in tokens:
        await door.authenticate(token)
    with counted(await door.container.get(Engine)) as statements:
        for token in tokens * 3:
            await door.authenticate(token)
    assert statements == []


async def test_without_redis_postgresql_is_asked(
    door: FrontDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_in = await door.register()
    tokens = [signed_in.token, await door.make_api_key(signed_in.user_id)]
    expected = [await door.authenticate(token) for token in tokens]

    async def away(*_: object) -> None:
        raise RedisConnectionError("away")

    monkeypatch.setattr(await door.container.get(Redis), "mget", away)
    monkeypatch.setattr(Pipeline, "execute", away)
    with counted(await door.container.get(Engine)) as statements:
        assert [await door.authenticate(token) for token in tokens] == expected
        assert await door.act_for(Actor(Role.ADMIN, 99), signed_in.user_id) == expected[0].actor
    assert len([one for one in statements if one.startswith("SELECT")]) == 3


async def test_a_redis_that_hangs_delays_a_request_by_a_second_at_most(
    door: FrontDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = (await door.register()).token

    async def hang(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(await door.container.get(Redis), "mget", hang)
    monkeypatch.setattr(Pipeline, "execute", hang)
    async with asyncio.timeout(10):
        assert (await door.authenticate(token)).actor.user_id == 1


@pytest.mark.parametrize("state", ["{", "user", "user:x:y", "king::", "user:::", "user:::1"])
async def test_what_another_release_has_cached_is_no_harm(door: FrontDoor, state: str) -> None:
    signed_in = await door.register()
    principal = await door.authenticate(signed_in.token)
    redis = await door.container.get(Redis)
    await redis.set(USER.of(signed_in.user_id), state)
    assert await door.authenticate(signed_in.token) == principal


async def test_a_read_that_a_change_overtook_does_not_bring_the_old_state_back(
    door: FrontDoor,
) -> None:
    signed_in = await door.register()
    await door.authenticate(signed_in.token)
    cache = await door.container.get(PrincipalCache)
    (stale,) = await cache.get(USER.of(signed_in.user_id))
    assert stale is not None
    await door.make_admin("anna")

    await cache.put({USER.of(signed_in.user_id): stale})  # the slow reader ends only now

    assert (await door.authenticate(signed_in.token)).actor.role is Role.ADMIN


async def test_a_new_role_counts_for_the_next_request_everywhere(
    door: FrontDoor, other_door: FrontDoor
) -> None:
    signed_in = await door.register()
    api_key = await door.make_api_key(signed_in.user_id)
    for token in (signed_in.token, api_key):
        assert (await other_door.authenticate(token)).actor.role is Role.USER

    await door.make_admin("ANNA")

    assert (await other_door.authenticate(signed_in.token)).actor.role is Role.ADMIN
    # A program never has the rights of an admin, whose key it may have.
    assert (await other_door.authenticate(api_key)).actor.role is Role.USER


async def test_an_admin_of_the_settings_is_one_over_http_too(
    door: FrontDoor, settings: Settings
) -> None:
    met = await door.meet_in_telegram(ADMIN_ID)
    anna = await door.register()
    await door.execute("UPDATE users SET telegram_id = NULL, login = 'x' WHERE id = :id", id=met)
    await door.execute(
        "UPDATE users SET telegram_id = :admin WHERE id = :id", admin=ADMIN_ID, id=anna.user_id
    )
    assert (await door.authenticate(anna.token)).actor.role is Role.ADMIN
    assert (await door.authenticate(anna.token)).actor.role is Role.ADMIN


async def test_a_revoked_service_key_ends_its_tokens_at_once(
    door: FrontDoor, other_door: FrontDoor, shop: int, keys: ServiceKeys
) -> None:
    token = await exchange(door, keys.assertion(SHOP))
    await other_door.authenticate(token)
    async with door.use(ServicesService) as services:
        await services.revoke_key(SYSTEM, shop, keys.id)
    for one in (token, keys.assertion(SHOP)):
        with pytest.raises(TokenInvalid):
            await other_door.authenticate(one)


async def test_the_key_of_another_service_is_no_proof(
    door: FrontDoor, shop: int, keys: ServiceKeys
) -> None:
    signer = await (await door.container.get(AccessTokens)).signer()
    with pytest.raises(TokenInvalid):
        await door.authenticate(signer.for_service(shop + 1, keys.id).token)


async def test_a_husk_is_nobody(door: FrontDoor) -> None:
    husk, heir = await door.register(), await door.register("boris")
    tokens = [husk.token, await door.make_api_key(husk.user_id)]
    await door.execute(
        "UPDATE users SET merged_into = :heir, login = NULL WHERE id = :id",
        heir=heir.user_id,
        id=husk.user_id,
    )
    for token in tokens:
        with pytest.raises(TokenInvalid):
            await door.authenticate(token)
    with pytest.raises(UserNotFound):
        await door.act_for(Actor(Role.ADMIN, heir.user_id), husk.user_id)


async def test_an_api_key_that_was_given_to_the_joined_account_acts_for_it(
    door: FrontDoor,
) -> None:
    source, heir = (await door.register()).user_id, (await door.register("boris")).user_id
    secret = await door.make_api_key(source)
    assert (await door.authenticate(secret)).actor.user_id == source
    await door.execute("UPDATE users SET merged_into = :heir WHERE id = :id", heir=heir, id=source)
    await door.execute("UPDATE api_keys SET user_id = :heir", heir=heir)
    await (await door.container.get(PrincipalCache)).drop(USER.of(source), USER.of(heir))

    for _ in range(2):
        assert (await door.authenticate(secret)).actor.user_id == heir


async def test_a_user_acts_for_nobody_else_whether_he_exists_or_not(door: FrontDoor) -> None:
    anna, boris = (await door.register()).user_id, (await door.register("boris")).user_id
    assert await door.act_for(user(anna), anna) == user(anna)
    for other in (boris, 404, 0, -1, 2**63, 10**30):
        with pytest.raises(Forbidden):
            await door.act_for(user(anna), other)
        with pytest.raises(Forbidden):
            await door.act_for(SYSTEM, other)


async def test_an_admin_acts_for_everybody_who_exists(door: FrontDoor) -> None:
    anna, boris = (await door.register()).user_id, (await door.register("boris")).user_id
    admin = Actor(Role.ADMIN, anna)
    assert await door.act_for(admin, anna) == admin
    assert await door.act_for(admin, boris) == user(boris)
    await door.delete(boris)
    for other in (boris, 404, 0, -1, 2**63, 10**30):
        with pytest.raises(UserNotFound):
            await door.act_for(admin, other)


async def test_a_service_acts_for_the_users_whom_it_has_made(door: FrontDoor) -> None:
    own = await door.make_service_user("x", "shop")
    foreign = await door.make_service_user("x", "bank")
    anna = (await door.register()).user_id
    shop = Actor(Role.SERVICE, service_id=1, scopes=frozenset(SCOPES))
    for _ in range(2):
        assert await door.act_for(shop, own) == user(own)
    for other in (foreign, anna, 404, 2**63):
        with pytest.raises(Forbidden):
            await door.act_for(shop, other)
    nobodys = Actor(Role.SERVICE)
    with pytest.raises(Forbidden):
        await door.act_for(nobodys, anna)


async def test_acting_for_somebody_known_costs_no_sql(door: FrontDoor) -> None:
    anna = (await door.register()).user_id
    admin = Actor(Role.ADMIN, 99)
    await door.act_for(admin, anna)
    with counted(await door.container.get(Engine)) as statements:
        await door.act_for(admin, anna)
    assert statements == []
