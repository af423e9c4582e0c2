"""Sessions: how they go on, how they end, who sees them."""

import asyncio
import logging
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from okno.accounts.dto import Device, Session, SignIn
from okno.accounts.errors import SessionEnded, SessionNotFound, TokenInvalid, UserNotFound
from okno.accounts.service import SessionsService
from okno.accounts.service.session_lifecycle import MAX_SESSIONS, SessionLifecycle
from okno.accounts.store.users import UserStore
from okno.kit.actor import SYSTEM, Actor, Forbidden, Role
from okno.kit.uow import UnitOfWork
from tests.support.front_door import NOTEBOOK, PHONE, FrontDoor, user

DAY = timedelta(days=1)


async def sessions_of(door: FrontDoor, user_id: int) -> tuple[Session, ...]:
    async with door.use(SessionsService) as sessions:
        return await sessions.list(user(user_id))


async def session_of(door: FrontDoor, signed_in: SignIn) -> UUID:
    return UUID((await door.authenticate(signed_in.token)).credential_id)


async def test_a_refresh_token_is_swapped_for_the_next_one(door: FrontDoor) -> None:
    first = await door.register()
    second = await door.refresh(first.refresh_token)
    third = await door.refresh(second.refresh_token)

    tokens = {first.refresh_token, second.refresh_token, third.refresh_token}
    assert len(tokens) == 3
    assert {await session_of(door, one) for one in (first, second, third)} == {
        await session_of(door, first)
    }


async def test_a_used_refresh_token_ends_the_whole_family(
    door: FrontDoor, caplog: pytest.LogCaptureFixture
) -> None:
    stolen = await door.register()
    elsewhere = await door.sign_in()
    renewed = await door.refresh(stolen.refresh_token)
    await door.authenticate(renewed.token)

    with caplog.at_level(logging.WARNING), pytest.raises(SessionEnded):
        await door.refresh(stolen.refresh_token, PHONE)

    assert "refresh token came a second time" in caplog.text
    assert stolen.refresh_token not in caplog.text
    for one in (stolen, renewed):
        with pytest.raises(TokenInvalid):
            await door.authenticate(one.token)
    with pytest.raises(SessionEnded):
        await door.refresh(renewed.refresh_token)
    await door.authenticate(elsewhere.token)
    await door.refresh(elsewhere.refresh_token)


async def test_of_many_who_bring_a_refresh_token_at_once_one_wins_and_the_family_ends(
    door: FrontDoor, other_door: FrontDoor
) -> None:
    signed_in = await door.register()
    doors = [door, other_door] * 5

    outcomes = await asyncio.gather(
        *(one.refresh(signed_in.refresh_token) for one in doors), return_exceptions=True
    )

    (won,) = [one for one in outcomes if isinstance(one, SignIn)]
    assert sum(isinstance(one, SessionEnded) for one in outcomes) == 9
    with pytest.raises(TokenInvalid):
        await door.authenticate(won.token)
    with pytest.raises(SessionEnded):
        await door.refresh(won.refresh_token)
    assert await door.scalar("SELECT count(*) FROM refresh_tokens") == 2


@pytest.mark.parametrize(
    "token", ["", "okr_", "okr_" + "a" * 43, "eyJ", "\0", "\ud800", "x" * 9999]
)
async def test_an_unknown_refresh_token_is_refused(door: FrontDoor, token: str) -> None:
    await door.register()
    with pytest.raises(SessionEnded):
        await door.refresh(token)
    assert await door.scalar("SELECT count(*) FROM sessions WHERE ended_at IS NULL") == 1


async def test_refresh_tokens_are_stored_as_hashes(door: FrontDoor) -> None:
    signed_in = await door.register()
    stored = await door.scalar("SELECT hash FROM refresh_tokens")
    assert len(stored) == 32
    assert signed_in.refresh_token.encode() not in stored


async def test_a_session_lives_for_thirty_days_after_its_last_use(door: FrontDoor) -> None:
    signed_in = await door.register()
    for _ in range(3):
        door.clock.ahead += 29 * DAY
        signed_in = await door.refresh(signed_in.refresh_token)

    door.clock.ahead += 30 * DAY

    with pytest.raises(SessionEnded):
        await door.refresh(signed_in.refresh_token)
    assert await sessions_of(door, signed_in.user_id) == ()
    # Those that are too old to be told of were deleted as the session went on.
    assert await door.scalar("SELECT count(*) FROM refresh_tokens") == 2


async def test_one_sees_ones_sessions_the_latest_use_first(door: FrontDoor) -> None:
    first = await door.register()
    await door.register("boris")
    door.clock.ahead += DAY
    second = await session_of(door, await door.sign_in())
    door.clock.ahead += DAY
    await door.refresh(first.refresh_token, Device("2001:db8::1", "Notebook\0\n" + "x" * 500))

    mine = await sessions_of(door, first.user_id)

    assert [one.device.address for one in mine] == ["2001:db8::1", PHONE.address]
    assert mine[0].device.name == ("Notebook" + "x" * 500)[:255]
    assert mine[1].id == second
    assert mine[0].created_at < mine[1].created_at < mine[0].used_at
    assert mine[0].expires_at == mine[0].used_at + 30 * DAY


async def test_an_ended_session_is_refused_at_once_everywhere(
    door: FrontDoor, other_door: FrontDoor
) -> None:
    signed_in = await door.register()
    session = await session_of(door, signed_in)
    await other_door.authenticate(signed_in.token)
    async with door.use(SessionsService) as sessions:
        await sessions.end(user(signed_in.user_id), session)
        await sessions.end(user(signed_in.user_id), session)

    for one in (door, other_door):
        with pytest.raises(TokenInvalid):
            await one.authenticate(signed_in.token)
    with pytest.raises(SessionEnded):
        await door.refresh(signed_in.refresh_token)
    assert await sessions_of(door, signed_in.user_id) == ()


async def test_somebody_elses_session_is_not_found(door: FrontDoor) -> None:
    anna, boris = await door.register(), await door.register("boris")
    session = await session_of(door, anna)
    async with door.use(SessionsService) as sessions:
        for whose in (session, uuid4()):
            with pytest.raises(SessionNotFound):
                await sessions.end(user(boris.user_id), whose)
        with pytest.raises(Forbidden):
            await sessions.end(SYSTEM, session)
        with pytest.raises(Forbidden):
            await sessions.list(SYSTEM)
    await door.authenticate(anna.token)


async def test_all_sessions_end_but_the_one_that_is_kept(door: FrontDoor) -> None:
    here, elsewhere = await door.register(), await door.sign_in()
    async with door.use(SessionsService) as sessions:
        await sessions.end_all(user(here.user_id), here.user_id, keep=await session_of(door, here))

    await door.authenticate(here.token)
    with pytest.raises(TokenInvalid):
        await door.authenticate(elsewhere.token)


async def test_an_admin_ends_anybodys_sessions_and_a_user_nobody_elses(door: FrontDoor) -> None:
    anna, boris = await door.register(), await door.register("boris")
    await door.authenticate(anna.token)
    async with door.use(SessionsService) as sessions:
        with pytest.raises(Forbidden):
            await sessions.end_all(user(boris.user_id), anna.user_id)
        await door.authenticate(anna.token)

        await sessions.end_all(Actor(Role.ADMIN, boris.user_id), anna.user_id)

        with pytest.raises(UserNotFound):
            await sessions.end_all(Actor(Role.ADMIN, boris.user_id), 404)
    with pytest.raises(TokenInvalid):
        await door.authenticate(anna.token)
    await door.authenticate(boris.token)


async def test_all_ends_and_a_refresh_at_once_do_not_block_each_other(
    door: FrontDoor, other_door: FrontDoor
) -> None:
    signed_in = await door.register()
    others = [await door.sign_in() for _ in range(3)]

    async def end_all(where: FrontDoor) -> None:
        async with where.use(SessionsService) as sessions:
            await sessions.end_all(user(signed_in.user_id), signed_in.user_id)

    outcomes = await asyncio.gather(
        end_all(door),
        end_all(other_door),
        *(door.refresh(one.refresh_token) for one in others),
        door.delete(signed_in.user_id),
        end_all(other_door),
        return_exceptions=True,
    )

    expected = SignIn, SessionEnded, UserNotFound, type(None)
    assert [one for one in outcomes if not isinstance(one, expected)] == []
    assert await door.scalar("SELECT count(*) FROM refresh_tokens") == 0


async def test_one_more_than_the_most_ends_the_one_not_used_for_longest(door: FrontDoor) -> None:
    first = await door.register()
    door.clock.ahead += timedelta(seconds=1)
    second = await door.sign_in()
    for _ in range(MAX_SESSIONS - 2):
        door.clock.ahead += timedelta(seconds=1)
        await open_session(door, first.user_id)
    await door.authenticate(second.token)
    await door.refresh(first.refresh_token)

    await open_session(door, first.user_id)

    assert len(await sessions_of(door, first.user_id)) == MAX_SESSIONS
    with pytest.raises(TokenInvalid):
        await door.authenticate(second.token)
    await door.authenticate(first.token)


async def open_session(door: FrontDoor, user_id: int) -> None:
    """Sign in without the time that a password takes."""
    uow = await door.container.get(UnitOfWork)
    async with uow.begin():
        await (await door.container.get(UserStore)).lock(user_id)
        await (await door.container.get(SessionLifecycle)).open(user_id, NOTEBOOK)


async def test_a_deletion_ends_all_sessions(door: FrontDoor, other_door: FrontDoor) -> None:
    signed_in = await door.register()
    await other_door.authenticate(signed_in.token)

    await door.delete(signed_in.user_id)

    for one in (door, other_door):
        with pytest.raises(TokenInvalid):
            await one.authenticate(signed_in.token)
    with pytest.raises(SessionEnded):
        await door.refresh(signed_in.refresh_token)
    assert await door.scalar("SELECT count(*) FROM sessions") == 0
    assert await door.scalar("SELECT count(*) FROM refresh_tokens") == 0


async def test_what_is_over_is_deleted_and_nothing_else(door: FrontDoor) -> None:
    late = await door.register()
    door.clock.ahead += 20 * DAY
    ended, alive = await door.sign_in(), await door.sign_in()
    async with door.use(SessionsService) as sessions:
        await sessions.end(user(late.user_id), await session_of(door, ended))
        door.clock.ahead += 11 * DAY

        assert await sessions.delete_over(SYSTEM) == 2
        assert await sessions.delete_over(SYSTEM) == 0
        with pytest.raises(Forbidden):
            await sessions.delete_over(user(late.user_id))

    await door.refresh(alive.refresh_token)
    assert await door.scalar("SELECT count(*) FROM sessions") == 1
