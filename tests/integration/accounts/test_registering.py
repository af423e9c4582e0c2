"""Accounts with login and password."""

import asyncio

import pytest

from okno.accounts.dto import Language, SignIn
from okno.accounts.errors import (
    LoginInvalid,
    LoginTaken,
    PasswordTooCommon,
    PasswordTooLong,
    PasswordTooShort,
)
from okno.accounts.service import AccountsService, PasswordsService
from okno.kit.actor import SYSTEM, Role
from tests.support.front_door import NOTEBOOK, PASSWORD, FrontDoor, user


async def test_who_has_registered_has_signed_in(door: FrontDoor) -> None:
    signed_in = await door.register("Anna.P")

    principal = await door.authenticate(signed_in.token)
    async with door.use(AccountsService) as accounts:
        data = await accounts.details(principal.actor)
    assert principal.actor == user(signed_in.user_id)
    assert signed_in.expires_in == 600
    assert (data.login, data.username, data.first_name) == ("anna.p", "Anna.P", "Anna.P")
    assert (data.language, data.role, data.telegram_id) == (Language.EN, Role.USER, None)
    assert data.onboarded_at is not None


async def test_the_password_is_kept_as_a_hash_alone(door: FrontDoor) -> None:
    await door.register()
    stored = await door.scalar("SELECT password_hash FROM users")
    assert stored.startswith("$argon2id$")
    assert PASSWORD not in await door.scalar("SELECT users::text FROM users")


@pytest.mark.parametrize(
    "login",
    [
        *("", "ab", "a" * 65, "anna petrova", "anna\n", "anna\0", "анна", "anna!", "١٢٣٤"),
        *("7001", "000", "1" * 64, "\u017ftrange", "\u212a-degrees", "a\ud800a"),
    ],
    ids=ascii,
)
async def test_a_login_that_does_not_fit_is_refused(door: FrontDoor, login: str) -> None:
    with pytest.raises(LoginInvalid):
        await door.register(login)


@pytest.mark.parametrize("login", ["abc", "A" * 64, "anna@example.org", "_._", "7001a", "-12"])
async def test_a_login_that_fits_is_taken(door: FrontDoor, login: str) -> None:
    signed_in = await door.register(login)
    assert (await door.sign_in(login)).user_id == signed_in.user_id


@pytest.mark.parametrize(
    ("password", "error"),
    [
        ("short", PasswordTooShort),
        ("x" * 129, PasswordTooLong),
        ("password1", PasswordTooCommon),
        ("ANNA-anna", PasswordTooCommon),
    ],
)
async def test_a_bad_password_is_refused_and_nobody_is_stored(
    door: FrontDoor, password: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await door.register("Anna-Anna", password)
    assert await door.scalar("SELECT count(*) FROM users") == 0


async def test_a_login_is_taken_whatever_its_capital_letters(door: FrontDoor) -> None:
    await door.register("anna")
    with pytest.raises(LoginTaken):
        await door.register("ANNA", "another password")
    assert (await door.sign_in("aNNa")).user_id == 1


async def test_of_ten_who_want_a_login_at_once_one_has_it(door: FrontDoor) -> None:
    outcomes = await asyncio.gather(
        *(door.register("anna", f"password no. {n}") for n in range(10)), return_exceptions=True
    )

    assert sum(isinstance(one, SignIn) for one in outcomes) == 1
    assert sum(isinstance(one, LoginTaken) for one in outcomes) == 9
    assert await door.scalar("SELECT count(*) FROM users") == 1
    assert await door.scalar("SELECT count(*) FROM sessions") == 1


async def test_the_language_is_that_of_the_request(door: FrontDoor) -> None:
    async with door.use(PasswordsService) as passwords:
        signed_in = await passwords.register("anna", PASSWORD, NOTEBOOK, Language.RU)
    async with door.use(AccountsService) as accounts:
        assert (await accounts.details(user(signed_in.user_id))).language is Language.RU


async def test_a_name_typed_on_the_web_is_nobodys_name_in_telegram(door: FrontDoor) -> None:
    known = await door.meet_in_telegram()
    await door.register("anna_p")
    async with door.use(AccountsService) as accounts:
        assert (await accounts.look_up(SYSTEM, "anna_p")).user_id == known


async def test_every_account_has_an_identity_of_its_own(door: FrontDoor) -> None:
    web = (await door.register()).user_id
    met = await door.meet_in_telegram()
    made = await door.make_service_user("x")
    husk = await door.make_service_user("y")
    await door.execute("UPDATE users SET merged_into = :web WHERE id = :id", web=web, id=husk)
    everybody = [web, met, made, husk]
    async with door.use(AccountsService) as accounts:
        pinned = [await accounts.pin(SYSTEM, number) for number in everybody]
        many = await accounts.pin_many(SYSTEM, everybody)
    assert pinned == ["login:anna", "telegram:7001", "service:1:x", None]
    assert many == {web, met, made}
