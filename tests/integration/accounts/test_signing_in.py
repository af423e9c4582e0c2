"""Signing in with a password, and changing it."""

import asyncio
from uuid import UUID

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from okno.accounts.dto import SignIn
from okno.accounts.errors import (
    CredentialsWrong,
    PasswordTooCommon,
    PasswordTooShort,
    SessionEnded,
    TokenInvalid,
)
from okno.accounts.passwords import PasswordHasher
from okno.accounts.service import PasswordsService
from okno.kit.actor import SYSTEM, Forbidden
from tests.support.front_door import NOTEBOOK, PASSWORD, FrontDoor, user

NEW = "another window, to the garden"


async def change(door: FrontDoor, signed_in: SignIn, old: str, new: str) -> None:
    principal = await door.authenticate(signed_in.token)
    async with door.use(PasswordsService) as passwords:
        await passwords.change(principal.actor, UUID(principal.credential_id), old, new)


async def test_each_sign_in_is_a_session_of_its_own(door: FrontDoor) -> None:
    registered = await door.register()
    signed_in = await door.sign_in()

    assert signed_in.user_id == registered.user_id
    first, second = [await door.authenticate(one.token) for one in (registered, signed_in)]
    assert first.actor == second.actor
    assert first.credential_id != second.credential_id


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("anna", "a wrong password"),
        ("anna", ""),
        ("anna", "x" * 1000),
        ("nobody", PASSWORD),
        ("", PASSWORD),
        ("an\0na", PASSWORD),
        ("anna\ud800", PASSWORD),
        ("7001", PASSWORD),
        ("9" * 18, PASSWORD),
        ("9" * 19, PASSWORD),
        ("9" * 64, PASSWORD),
        ("' OR 1=1 --", PASSWORD),
    ],
    ids=ascii,
)
async def test_all_that_is_wrong_has_one_answer(door: FrontDoor, login: str, password: str) -> None:
    await door.register()
    await door.meet_in_telegram(7001)
    with pytest.raises(CredentialsWrong) as refused:
        await door.sign_in(login, password)
    assert str(refused.value) == "credentials-wrong"


async def test_an_unknown_login_costs_a_hash_as_a_known_one_does(
    door: FrontDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tests of the hasher compare the times of hashing."""
    await door.register()
    await door.meet_in_telegram(7001)
    hasher = await door.container.get(PasswordHasher)
    checked: list[bool] = []
    # Times can't be compared on a busy machine: what is hashed is looked at instead.
    argon2, nobodys = hasher._argon2, hasher._nobodys  # noqa: SLF001
    verify = argon2.verify

    def noted(password: bytes, password_hash: str) -> bool:
        checked.append(password_hash == nobodys.result())
        return verify(password, password_hash)

    monkeypatch.setattr(argon2, "verify", noted)

    for login in ("nobody", "7001", "7002", "bad login!"):
        with pytest.raises(CredentialsWrong):
            await door.sign_in(login, PASSWORD)

    assert checked == [True] * 4


async def test_a_telegram_id_signs_in_once_its_password_is_confirmed(door: FrontDoor) -> None:
    hasher = await door.container.get(PasswordHasher)
    met = await door.meet_in_telegram(7001, await hasher.hash(PASSWORD))

    assert (await door.sign_in("7001")).user_id == met
    with pytest.raises(CredentialsWrong):
        await door.sign_in("anna_p")


async def test_a_deleted_user_does_not_sign_in(door: FrontDoor) -> None:
    await door.delete((await door.register()).user_id)
    with pytest.raises(CredentialsWrong):
        await door.sign_in()


async def test_a_hash_of_lower_costs_is_replaced_at_the_next_sign_in(door: FrontDoor) -> None:
    await door.register()
    weaker = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=32, parallelism=1),))
    await door.execute("UPDATE users SET password_hash = :hash", hash=weaker.hash(PASSWORD))

    await door.sign_in()

    assert "m=64,t=1" in await door.scalar("SELECT password_hash FROM users")
    await door.sign_in()


async def test_a_changed_password_ends_the_other_sessions(door: FrontDoor) -> None:
    here = await door.register()
    elsewhere = await door.sign_in()
    await door.authenticate(elsewhere.token)

    await change(door, here, PASSWORD, NEW)

    assert (await door.authenticate(here.token)).actor.user_id == here.user_id
    assert (await door.refresh(here.refresh_token)).user_id == here.user_id
    with pytest.raises(TokenInvalid):
        await door.authenticate(elsewhere.token)
    with pytest.raises(SessionEnded):
        await door.refresh(elsewhere.refresh_token)
    with pytest.raises(CredentialsWrong):
        await door.sign_in()
    await door.sign_in(password=NEW)


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("a wrong password", NEW, CredentialsWrong),
        (PASSWORD, "short", PasswordTooShort),
        (PASSWORD, "anna-petrova", PasswordTooCommon),
    ],
)
async def test_a_password_that_can_not_be_changed_stays(
    door: FrontDoor, old: str, new: str, error: type[Exception]
) -> None:
    here = await door.register("Anna-Petrova")
    elsewhere = await door.sign_in("anna-petrova")

    with pytest.raises(error):
        await change(door, here, old, new)

    await door.authenticate(elsewhere.token)
    await door.sign_in("anna-petrova")


async def test_only_a_person_with_a_password_has_one_to_change(door: FrontDoor) -> None:
    met = await door.meet_in_telegram()
    session = UUID(int=0)
    async with door.use(PasswordsService) as passwords:
        with pytest.raises(Forbidden):
            await passwords.change(SYSTEM, session, PASSWORD, NEW)
        for user_id in (met, 404):
            with pytest.raises(CredentialsWrong):
                await passwords.change(user(user_id), session, PASSWORD, NEW)


async def test_of_two_changes_at_once_one_counts(door: FrontDoor) -> None:
    here = await door.register()
    new = [f"{NEW} {n}" for n in range(2)]

    outcomes = await asyncio.gather(
        *(change(door, here, PASSWORD, password) for password in new), return_exceptions=True
    )

    won = outcomes.index(None)
    assert [type(one) for one in outcomes if one is not None] == [CredentialsWrong]
    await door.sign_in(password=new[won])
    with pytest.raises(CredentialsWrong):
        await door.sign_in(password=new[1 - won])


async def test_no_session_with_the_old_password_outlives_its_change(
    door: FrontDoor, other_door: FrontDoor
) -> None:
    """Whoever knows the old password signs in all the time while it is changed."""
    here = await door.register()
    attempts = [other_door.sign_in(device=NOTEBOOK) for _ in range(6)]

    _, *outcomes = await asyncio.gather(
        change(door, here, PASSWORD, NEW), *attempts, return_exceptions=True
    )

    for one in outcomes:
        if isinstance(one, SignIn):
            with pytest.raises(SessionEnded):
                await door.refresh(one.refresh_token)
        else:
            assert isinstance(one, CredentialsWrong)
    assert await door.scalar("SELECT count(*) FROM sessions WHERE ended_at IS NULL") == 1


async def test_a_password_that_was_changed_while_it_was_checked_opens_nothing(
    door: FrontDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = await door.register()
    hasher = await door.container.get(PasswordHasher)
    verify = hasher.verify

    async def overtaken(password: str, password_hash: str | None) -> object:
        verdict = await verify(password, password_hash)
        monkeypatch.setattr(hasher, "verify", verify)
        await change(door, here, PASSWORD, NEW)
        return verdict

    monkeypatch.setattr(hasher, "verify", overtaken)

    with pytest.raises(CredentialsWrong):
        await door.sign_in()
    assert await door.scalar("SELECT count(*) FROM sessions") == 1
