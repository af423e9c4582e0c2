"""A request over HTTP takes effect when its owner confirms it in Telegram, and only once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from okno.accounts.dto import (
    Confirmation,
    ConfirmationKind,
    ConfirmationState,
    Device,
    JoiningLink,
)
from okno.accounts.errors import (
    AlreadyJoined,
    ConfirmationNotFound,
    ConfirmationOver,
    CredentialsWrong,
    PasswordTooCommon,
    PasswordTooShort,
    TokenInvalid,
    TooManyConfirmations,
    UserNotFound,
)
from okno.accounts.service import AuthenticationService, PasswordsService
from okno.accounts.service.confirmations import (
    CHANNEL,
    CLAIM_LIFETIME,
    CONFIRMATION_LIFETIME,
    MAX_UNCONFIRMED,
)
from okno.kit.actor import SYSTEM, Actor, Forbidden, Role
from okno.kit.settings import Settings
from okno.kit.wakeups import Wakeups
from tests.support.bank import Bank
from tests.support.identities import LAPTOP, confirmations, web_account

ANNA = 7001
STRANGER = 7999
PASSWORD = "a window to the sea"


@pytest.fixture
async def bank(settings: Settings, clean: None) -> AsyncIterator[Bank]:
    bank = Bank(settings)
    yield bank
    await bank.close()


@pytest.fixture
async def anna(bank: Bank) -> Actor:
    return await bank.register(ANNA)


async def ask(bank: Bank, telegram_id: int = ANNA, device: Device = LAPTOP) -> Confirmation:
    async with confirmations(bank) as service:
        return await service.ask_for_password(telegram_id, PASSWORD, device)


async def ask_to_join(bank: Bank, web: Actor) -> JoiningLink:
    async with confirmations(bank) as service:
        return await service.ask_for_joining(web, LAPTOP)


async def claim(bank: Bank) -> tuple[Confirmation, ...]:
    async with confirmations(bank) as service:
        return await service.claim_unshown(SYSTEM)


async def mark_shown(bank: Bank, confirmation_id: UUID) -> None:
    async with confirmations(bank) as service:
        await service.mark_shown(SYSTEM, confirmation_id)


async def decide(
    bank: Bank, actor: Actor, confirmation_id: UUID, *, is_confirmed: bool = True
) -> Confirmation:
    async with confirmations(bank) as service:
        return await service.decide(actor, confirmation_id, is_confirmed=is_confirmed)


async def state(bank: Bank, confirmation_id: UUID) -> ConfirmationState:
    async with confirmations(bank) as service:
        return await service.state(confirmation_id)


async def open_link(bank: Bank, actor: Actor, code: str) -> Confirmation:
    async with confirmations(bank) as service:
        return await service.open_link(actor, code)


async def stored_password(bank: Bank, actor: Actor) -> str | None:
    stored = await bank.scalar(f"SELECT password_hash FROM users WHERE id = {actor.user_id}")  # noqa: S608
    return None if stored is None else str(stored)


async def test_the_bot_shows_what_was_asked_for(bank: Bank, anna: Actor) -> None:
    asked = await ask(bank)
    (shown,) = await claim(bank)

    assert shown == asked
    assert (shown.kind, shown.state) == (ConfirmationKind.PASSWORD, ConfirmationState.PENDING)
    assert (shown.device, shown.telegram_id, shown.login) == (LAPTOP, ANNA, None)
    assert 10 <= shown.number <= 99
    assert shown.expires_at - shown.created_at == CONFIRMATION_LIFETIME


async def test_whoever_listens_is_woken_after_the_commit(bank: Bank, anna: Actor) -> None:
    wakeups = await bank.container.get(Wakeups)
    async with asyncio.timeout(10), wakeups.listening(CHANNEL, interval=3600) as turns:
        await anext(turns)
        await ask(bank)
        await anext(turns)
        assert len(await claim(bank)) == 1


async def test_one_process_shows_it_and_another_one_if_that_has_died(
    bank: Bank, anna: Actor
) -> None:
    asked = await ask(bank)
    claimed = await asyncio.gather(*(claim(bank) for _ in range(5)))
    assert sum(map(len, claimed)) == 1

    bank.clock.ahead += CLAIM_LIFETIME
    assert [one.id for one in await claim(bank)] == [asked.id]

    await mark_shown(bank, asked.id)
    bank.clock.ahead += CLAIM_LIFETIME
    assert await claim(bank) == ()


async def test_nobody_is_shown_what_is_over(bank: Bank, anna: Actor) -> None:
    await decide(bank, anna, (await ask(bank)).id, is_confirmed=False)
    await ask(bank)
    bank.clock.ahead += CONFIRMATION_LIFETIME

    assert await claim(bank) == ()


async def test_a_password_counts_from_the_confirmation_on(bank: Bank, anna: Actor) -> None:
    asked = await ask(bank)
    assert await stored_password(bank, anna) is None
    assert await state(bank, asked.id) is ConfirmationState.PENDING

    decided = await decide(bank, anna, asked.id)

    assert decided.state is ConfirmationState.CONFIRMED
    assert await state(bank, asked.id) is ConfirmationState.CONFIRMED
    assert (await stored_password(bank, anna) or "").startswith("$argon2id$")
    assert await bank.scalar("SELECT count(password_hash) FROM confirmations") == 0


async def test_then_it_is_the_password_to_sign_in_with_and_older_sign_ins_have_ended(
    bank: Bank, anna: Actor
) -> None:
    await decide(bank, anna, (await ask(bank)).id)
    authentication = await bank.container.get(AuthenticationService)
    passwords = await bank.container.get(PasswordsService)
    old = await passwords.sign_in(str(ANNA), PASSWORD, LAPTOP)
    assert (await authentication.authenticate(old.token)).actor == anna

    async with confirmations(bank) as service:
        asked = await service.ask_for_password(ANNA, "another window", LAPTOP)
    await decide(bank, anna, asked.id)

    with pytest.raises(TokenInvalid):
        await authentication.authenticate(old.token)
    with pytest.raises(CredentialsWrong):
        await passwords.sign_in(str(ANNA), PASSWORD, LAPTOP)
    await passwords.sign_in(str(ANNA), "another window", LAPTOP)


@pytest.mark.parametrize("telegram_id", [ANNA, STRANGER])
async def test_a_bad_password_is_told_at_once(bank: Bank, anna: Actor, telegram_id: int) -> None:
    async with confirmations(bank) as service:
        with pytest.raises(PasswordTooShort):
            await service.ask_for_password(telegram_id, "short", LAPTOP)
        with pytest.raises(PasswordTooCommon):
            await service.ask_for_password(telegram_id, "password1", LAPTOP)
        with pytest.raises(PasswordTooCommon):
            await service.ask_for_password(12345678901, "12345678901", LAPTOP)
    assert await bank.scalar("SELECT count(*) FROM confirmations") == 0


async def test_a_password_that_is_refused_changes_nothing(bank: Bank, anna: Actor) -> None:
    asked = await ask(bank)

    await decide(bank, anna, asked.id, is_confirmed=False)

    assert await state(bank, asked.id) is ConfirmationState.REFUSED
    assert await stored_password(bank, anna) is None
    assert await bank.scalar("SELECT count(password_hash) FROM confirmations") == 0


async def test_of_ten_decisions_at_once_one_counts(bank: Bank, anna: Actor) -> None:
    asked = await ask(bank)

    outcomes = await asyncio.gather(
        *(decide(bank, anna, asked.id, is_confirmed=number % 2 == 0) for number in range(10)),
        return_exceptions=True,
    )

    (decided,) = [one for one in outcomes if isinstance(one, Confirmation)]
    assert {type(one) for one in outcomes if one is not decided} == {ConfirmationOver}
    assert await state(bank, asked.id) is decided.state
    is_set = await stored_password(bank, anna) is not None
    assert is_set is (decided.state is ConfirmationState.CONFIRMED)


async def test_it_is_over_after_ten_minutes(bank: Bank, anna: Actor) -> None:
    asked = await ask(bank)
    bank.clock.ahead += CONFIRMATION_LIFETIME

    with pytest.raises(ConfirmationOver):
        await decide(bank, anna, asked.id)

    assert await state(bank, asked.id) is ConfirmationState.EXPIRED
    assert await stored_password(bank, anna) is None


async def test_nobody_else_sees_or_decides_it(bank: Bank, anna: Actor) -> None:
    boris, web = await bank.register(7002), await web_account(bank)
    asked = await ask(bank)

    for actor in (boris, web, Actor(Role.USER, 404)):
        async with confirmations(bank) as service:
            with pytest.raises(ConfirmationNotFound):
                await service.get(actor, asked.id)
        with pytest.raises(ConfirmationNotFound):
            await decide(bank, actor, asked.id)
    async with confirmations(bank) as service:
        assert await service.get(anna, asked.id) == asked


async def test_what_was_never_asked_is_not_there(bank: Bank, anna: Actor) -> None:
    with pytest.raises(ConfirmationNotFound):
        await state(bank, uuid4())
    with pytest.raises(ConfirmationNotFound):
        await decide(bank, anna, uuid4())
    with pytest.raises(ConfirmationNotFound):
        await open_link(bank, anna, "nonsense")


async def test_an_unknown_telegram_id_gets_the_same_answer(bank: Bank, anna: Actor) -> None:
    known, unknown = await ask(bank), await ask(bank, STRANGER)

    assert unknown.state is known.state
    assert await state(bank, unknown.id) is ConfirmationState.PENDING
    assert [one.id for one in await claim(bank)] == [known.id]


@pytest.mark.parametrize("telegram_id", [ANNA, STRANGER])
async def test_little_can_be_asked_within_an_hour(
    bank: Bank, anna: Actor, telegram_id: int
) -> None:
    outcomes = await asyncio.gather(
        *(ask(bank, telegram_id) for _ in range(MAX_UNCONFIRMED + 5)), return_exceptions=True
    )

    refused = [one for one in outcomes if isinstance(one, TooManyConfirmations)]
    assert len(refused) == 5
    seconds = int(refused[0].values["seconds"])
    assert 3500 < seconds < 3700
    bank.clock.ahead += timedelta(seconds=seconds)
    await ask(bank, telegram_id)


async def test_what_was_confirmed_does_not_count_against_anybody(bank: Bank, anna: Actor) -> None:
    for _ in range(MAX_UNCONFIRMED + 1):
        await decide(bank, anna, (await ask(bank)).id)
    for _ in range(MAX_UNCONFIRMED):
        await decide(bank, anna, (await ask(bank)).id, is_confirmed=False)

    with pytest.raises(TooManyConfirmations):
        await ask(bank)


async def test_a_long_name_of_a_device_is_cut(bank: Bank, anna: Actor) -> None:
    asked = await ask(bank, device=Device("x" * 100, "Ж" * 1000))

    assert asked.device == Device("x" * 64, "Ж" * 255)


async def test_a_link_is_opened_by_one_account_as_often_as_it_likes(
    bank: Bank, anna: Actor
) -> None:
    boris, web = await bank.register(7002), await web_account(bank)
    link = await ask_to_join(bank, web)
    assert await claim(bank) == ()

    for _ in range(2):
        opened = await open_link(bank, anna, link.code)
        assert (opened.id, opened.login) == (link.confirmation.id, "anna")
        assert (opened.telegram_id, opened.number) == (ANNA, link.confirmation.number)
    with pytest.raises(ConfirmationNotFound):
        await open_link(bank, boris, link.code)


async def test_a_link_that_is_over_says_so(bank: Bank, anna: Actor) -> None:
    web = await web_account(bank)
    old, refused = await ask_to_join(bank, web), await ask_to_join(bank, web)
    await open_link(bank, anna, refused.code)
    await decide(bank, anna, refused.confirmation.id, is_confirmed=False)
    with pytest.raises(ConfirmationOver):
        await open_link(bank, anna, refused.code)

    bank.clock.ahead += CONFIRMATION_LIFETIME
    with pytest.raises(ConfirmationOver):
        await open_link(bank, anna, old.code)


async def test_the_code_is_stored_as_a_hash_and_fits_into_a_deep_link(
    bank: Bank, anna: Actor
) -> None:
    link = await ask_to_join(bank, await web_account(bank))

    parameter = f"join_{link.code}"
    assert len(parameter) <= 64
    assert parameter.replace("_", "").replace("-", "").isalnum()
    stored = await bank.scalar("SELECT confirmations::text FROM confirmations")
    assert link.code not in stored


async def test_only_a_web_account_asks_for_a_link_and_only_the_bots_opens_it(
    bank: Bank, anna: Actor
) -> None:
    web = await web_account(bank)
    with pytest.raises(AlreadyJoined):
        await ask_to_join(bank, anna)
    with pytest.raises(UserNotFound):
        await ask_to_join(bank, Actor(Role.USER, 404))
    link = await ask_to_join(bank, web)
    with pytest.raises(AlreadyJoined):
        await open_link(bank, web, link.code)
    await decide(bank, anna, (await ask(bank)).id)
    with pytest.raises(AlreadyJoined):
        await open_link(bank, anna, link.code)


async def test_only_the_system_claims_and_cleans_up(bank: Bank, anna: Actor) -> None:
    async with confirmations(bank) as service:
        for use_case in (
            service.claim_unshown(anna),
            service.mark_shown(anna, uuid4()),
            service.delete_over(anna),
            service.ask_for_joining(SYSTEM, LAPTOP),
        ):
            with pytest.raises(Forbidden):
                await use_case


async def test_what_is_long_over_is_deleted(bank: Bank, anna: Actor) -> None:
    await ask(bank)
    await ask(bank, STRANGER)
    bank.clock.ahead += timedelta(days=1)
    kept = await ask(bank)
    bank.clock.ahead += CONFIRMATION_LIFETIME + timedelta(seconds=1)

    async with confirmations(bank) as service:
        assert await service.delete_over(SYSTEM) == 2
        assert await service.delete_over(SYSTEM) == 0
    assert await state(bank, kept.id) is ConfirmationState.EXPIRED
