"""Keys that sign access tokens, and how they are changed while processes run."""

import asyncio
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator
from datetime import timedelta
from json import loads

import pytest
from pydantic import SecretStr

from okno.accounts.config import IdentitySettings
from okno.accounts.errors import TokenExpired, TokenInvalid
from okno.accounts.service import JwtKeysService
from okno.accounts.service.jwt_keys import JwtKeyRing
from okno.accounts.store.jwt_keys import JwtKeyStore
from okno.kit.actor import Forbidden
from okno.kit.errors import StartupError
from okno.kit.settings import Settings
from okno.kit.uow import UnitOfWork
from tests.support.front_door import FrontDoor, user

SOON = timedelta(seconds=11)


def key_of(token: str) -> str:
    header: dict[str, str] = loads(urlsafe_b64decode(token.split(".", maxsplit=1)[0] + "=="))
    return header["kid"]


async def next_token(door: FrontDoor) -> str:
    return (await door.sign_in()).token


async def test_the_first_key_is_made_when_it_is_needed(door: FrontDoor) -> None:
    assert await door.scalar("SELECT count(*) FROM jwt_keys") == 0
    token = (await door.register()).token
    assert await door.scalar("SELECT id FROM jwt_keys") == key_of(token)


async def test_processes_that_begin_at_once_make_one_first_key(
    door: FrontDoor, settings: Settings
) -> None:
    uow = await door.container.get(UnitOfWork)
    store = await door.container.get(JwtKeyStore)
    rings = [
        JwtKeyRing(uow, store, settings[IdentitySettings], door.clock) for _process in range(8)
    ]

    signing = await asyncio.gather(*(ring.signing() for ring in rings * 2))

    assert await door.scalar("SELECT count(*) FROM jwt_keys") == 1
    assert len({name for name, _key in signing}) == 1


async def test_a_new_key_signs_once_all_processes_know_it(
    door: FrontDoor, other_door: FrontDoor
) -> None:
    old = (await door.register()).token
    await other_door.authenticate(old)

    await door.rotate()

    assert key_of(await next_token(door)) == key_of(old)
    door.clock.ahead += SOON
    new = await next_token(door)
    assert key_of(new) != key_of(old)
    for token in (old, new):
        await door.authenticate(token)
        await other_door.authenticate(token)


async def test_no_token_is_refused_while_keys_change(
    door: FrontDoor, other_door: FrontDoor
) -> None:
    """Each process signs, second by second, and the other one has to know the key."""
    await door.register()
    await door.rotate()
    for _second in range(20):
        door.clock.ahead += timedelta(seconds=1)
        await other_door.authenticate(await next_token(door))
        await door.authenticate(await next_token(other_door))


async def test_the_old_key_is_good_as_long_as_its_tokens_and_no_longer(
    door: FrontDoor, other_door: FrontDoor
) -> None:
    await door.register()
    await door.rotate()
    last = await next_token(door)
    door.clock.ahead += timedelta(seconds=599)
    await other_door.authenticate(last)

    door.clock.ahead += timedelta(seconds=60)

    with pytest.raises((TokenExpired, TokenInvalid)):
        await other_door.authenticate(last)
    keys = await other_door.container.get(JwtKeyRing)
    assert key_of(last) not in await keys.verifying()
    await door.rotate()
    assert await door.scalar("SELECT count(*) FROM jwt_keys") == 2


async def test_keys_that_are_changed_at_once_are_changed_one_after_the_other(
    door: FrontDoor, other_door: FrontDoor
) -> None:
    await door.register()
    await asyncio.gather(*(one.rotate() for one in [door, other_door] * 4))
    assert await door.scalar("SELECT count(*) FROM jwt_keys WHERE retires_at IS NULL") == 1
    door.clock.ahead += SOON
    await other_door.authenticate(await next_token(door))


async def test_only_who_runs_okno_changes_keys(door: FrontDoor) -> None:
    async with door.use(JwtKeysService) as keys:
        with pytest.raises(Forbidden):
            await keys.rotate(user(1))
    assert await door.scalar("SELECT count(*) FROM jwt_keys") == 0


@pytest.fixture
async def moved_door(settings: Settings, door: FrontDoor) -> AsyncIterator[FrontDoor]:
    """The same installation after `JWT_SECRET` was changed."""
    identity = IdentitySettings(jwt_secret=SecretStr("another secret of thirty-two letters or so"))
    moved = FrontDoor(settings.replaced(identity), door.clock)
    yield moved
    await moved.close()


async def test_another_secret_ends_access_tokens_and_no_session(
    door: FrontDoor, moved_door: FrontDoor
) -> None:
    signed_in = await door.register()
    with pytest.raises(TokenInvalid):
        await moved_door.authenticate(signed_in.token)
    renewed = await moved_door.refresh(signed_in.refresh_token)
    await moved_door.authenticate(renewed.token)


async def test_without_a_secret_nothing_is_signed(settings: Settings, clean: None) -> None:
    identity = IdentitySettings.model_construct(jwt_secret=None)
    door = FrontDoor(settings.replaced(identity))
    with pytest.raises(StartupError):
        await door.register()
    assert await door.scalar("SELECT count(*) FROM users") == 0
    met = await door.meet_in_telegram()
    await door.authenticate(await door.make_api_key(met))
    await door.close()
