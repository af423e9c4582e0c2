"""A Telegram account and a web account become one, with all that both have, whatever happens."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import text

from okno.accounts.dto import Account, Confirmation, ConfirmationState, Language, TelegramProfile
from okno.accounts.errors import (
    AlreadyJoined,
    ConfirmationNotFound,
    ConfirmationOver,
    UserNotFound,
)
from okno.accounts.service import (
    AccountsService,
    ApiKeysService,
    AuthenticationService,
    PasswordsService,
)
from okno.assistant.dto import Generation
from okno.assistant.errors import AnswerInProgress
from okno.kit.actor import SYSTEM, Actor, Role
from okno.kit.db import Engine
from okno.kit.errors import OknoError
from okno.kit.settings import Settings
from tests.conftest import ADMIN_ID
from tests.support.bank import WELCOME
from tests.support.identities import LAPTOP, confirmations, web_account
from tests.support.rounds import seeds
from tests.support.talk import Talk

ANNA = TelegramProfile(7001, "Anna", "Petrova", "anna_p", "ru")


@pytest.fixture
async def talk(settings: Settings, clean: None) -> AsyncIterator[Talk]:
    talk = Talk(settings)
    yield talk
    await talk.expect_correct_books()
    await talk.close()


@pytest.fixture
async def anna(talk: Talk) -> Actor:
    accounts = await talk.container.get(AccountsService)
    account = await accounts.register(ANNA)
    return (await accounts.finish_registration(account.actor, Language.RU)).actor


@pytest.fixture
async def web(talk: Talk) -> Actor:
    return await web_account(talk)


async def recognise(talk: Talk, profile: TelegramProfile = ANNA) -> Account:
    account = await (await talk.container.get(AccountsService)).recognise(profile)
    assert account is not None
    return account


async def opened(talk: Talk, telegram: Actor, web: Actor) -> Confirmation:
    """Ask for a link over HTTP and open it in Telegram."""
    async with confirmations(talk) as service:
        link = await service.ask_for_joining(web, LAPTOP)
        return await service.open_link(telegram, link.code)


async def confirm(talk: Talk, telegram: Actor, confirmation: Confirmation) -> Confirmation:
    async with confirmations(talk) as service:
        return await service.decide(telegram, confirmation.id, is_confirmed=True)


async def join(talk: Talk, telegram: Actor, web: Actor) -> Confirmation:
    return await confirm(talk, telegram, await opened(talk, telegram, web))


async def balance(talk: Talk, actor: Actor) -> int:
    async with talk.billing() as billing:
        return (await billing.balance(actor)).balance


async def row(talk: Talk, actor: Actor) -> dict[str, object]:
    async with (await talk.container.get(Engine)).connect() as connection:
        statement = text("SELECT * FROM users WHERE id = :id")
        found = await connection.execute(statement, {"id": actor.user_id})
        return dict(found.mappings().one())


async def test_telegram_leads_to_the_web_account_from_then_on(
    talk: Talk, anna: Actor, web: Actor
) -> None:
    assert (await recognise(talk)).user_id == anna.user_id

    assert (await join(talk, anna, web)).state is ConfirmationState.CONFIRMED

    account = await recognise(talk)
    assert account.user_id == web.user_id
    assert (account.telegram_id, account.language) == (ANNA.telegram_id, Language.RU)
    assert account.matches(ANNA)
    assert account.onboarded
    assert (await row(talk, web))["login"] == "anna"


async def test_the_husk_keeps_nothing_that_tells_who_it_was(
    talk: Talk, anna: Actor, web: Actor
) -> None:
    await join(talk, anna, web)

    husk = await row(talk, anna)
    assert husk["merged_into"] == web.user_id
    assert (husk["telegram_id"], husk["username"], husk["last_name"]) == (None, None, None)
    assert husk["first_name"] == ""


async def test_conversations_and_units_of_both_are_there(
    talk: Talk, anna: Actor, web: Actor
) -> None:
    await talk.say(anna, "echo: in telegram")
    await talk.say(web, "echo: on the web")
    before = await balance(talk, anna) + await balance(talk, web)

    await join(talk, anna, web)

    assert await balance(talk, web) == before
    async with talk.conversations() as conversations:
        page = await conversations.list(web, 0, 10)
    assert {one.title for one in page.items} == {"echo: in telegram", "echo: on the web"}
    assert (await talk.say(web, "echo: again")).text == "again"


async def test_api_keys_go_along_and_are_for_the_other_account_at_once(
    talk: Talk, anna: Actor, web: Actor
) -> None:
    authentication = await talk.container.get(AuthenticationService)
    made = await (await talk.container.get(ApiKeysService)).create(anna, "mine", limit=500)
    assert (await authentication.authenticate(made.secret)).actor == replace(
        anna, api_key_id=made.key.id
    )

    await join(talk, anna, web)

    principal = await authentication.authenticate(made.secret)
    of_web = replace(web, api_key_id=made.key.id)
    assert (principal.actor, principal.has_budget) == (of_web, True)
    assert len(await (await talk.container.get(ApiKeysService)).list(web)) == 1
    assert await talk.scalar("SELECT amount FROM budgets") == 500


async def test_whoever_has_signed_in_stays_so_and_gets_the_rights_of_both(
    talk: Talk,
) -> None:
    authentication = await talk.container.get(AuthenticationService)
    passwords = await talk.container.get(PasswordsService)
    sign_in = await passwords.register("boris", "a window to the sea", LAPTOP, Language.EN)
    web = Actor(Role.USER, sign_in.user_id)
    assert (await authentication.authenticate(sign_in.token)).actor == web

    await join(talk, await talk.register(ADMIN_ID), web)

    actor = (await authentication.authenticate(sign_in.token)).actor
    assert actor == Actor(Role.ADMIN, sign_in.user_id)


async def test_of_ten_confirmations_at_once_one_joins(talk: Talk, anna: Actor, web: Actor) -> None:
    confirmation = await opened(talk, anna, web)

    outcomes = await asyncio.gather(
        *(confirm(talk, anna, confirmation) for _ in range(10)), return_exceptions=True
    )

    assert sum(isinstance(one, Confirmation) for one in outcomes) == 1
    refused = {type(one) for one in outcomes if not isinstance(one, Confirmation)}
    assert refused <= {ConfirmationOver, ConfirmationNotFound}
    assert await balance(talk, web) == 2 * WELCOME
    with pytest.raises(ConfirmationOver):
        await confirm(talk, (await recognise(talk)).actor, confirmation)


async def test_of_two_web_accounts_at_once_one_gets_it(talk: Talk, anna: Actor, web: Actor) -> None:
    other = await web_account(talk, "other")
    asked = [await opened(talk, anna, web), await opened(talk, anna, other)]

    outcomes = await asyncio.gather(
        *(confirm(talk, anna, one) for one in asked), return_exceptions=True
    )

    assert sum(isinstance(one, Confirmation) for one in outcomes) == 1
    assert sum(isinstance(one, OknoError) for one in outcomes) == 1
    assert await talk.scalar("SELECT count(*) FROM users WHERE telegram_id = 7001") == 1
    assert await talk.scalar("SELECT count(merged_into) FROM users") == 1


async def test_while_an_answer_is_made_it_waits_and_can_be_confirmed_again(
    talk: Talk, anna: Actor, web: Actor
) -> None:
    generation = await talk.ask(anna, "echo: running")
    confirmation = await opened(talk, anna, web)

    with pytest.raises(AnswerInProgress):
        await confirm(talk, anna, confirmation)
    assert (await recognise(talk)).user_id == anna.user_id

    await talk.answer(generation)
    await confirm(talk, anna, confirmation)
    assert (await recognise(talk)).user_id == web.user_id


async def test_what_is_refused_changes_nothing(talk: Talk, anna: Actor, web: Actor) -> None:
    confirmation = await opened(talk, anna, web)
    async with confirmations(talk) as service:
        await service.decide(anna, confirmation.id, is_confirmed=False)

    assert (await recognise(talk)).user_id == anna.user_id
    assert (await row(talk, web))["telegram_id"] is None


async def test_who_is_both_already_is_joined_with_nobody_else(
    talk: Talk, anna: Actor, web: Actor
) -> None:
    await join(talk, anna, web)
    boris, other = await talk.register(7002), await web_account(talk, "other")

    with pytest.raises(AlreadyJoined):
        await opened(talk, boris, web)
    with pytest.raises(AlreadyJoined):
        await opened(talk, web, other)


async def test_the_husk_does_nothing_any_more(talk: Talk, anna: Actor, web: Actor) -> None:
    await join(talk, anna, web)

    with pytest.raises(UserNotFound):
        await talk.ask(anna, "echo: who am I")
    async with talk.billing() as billing:
        with pytest.raises(UserNotFound):
            await billing.grant(SYSTEM, anna.require_user(), 5, "x")
    await talk.delete(anna)
    assert await talk.scalar("SELECT count(*) FROM users") == 2


async def test_the_husk_is_not_counted(talk: Talk, anna: Actor, web: Actor) -> None:
    await join(talk, anna, web)

    assert (await (await talk.container.get(AccountsService)).counters(SYSTEM)).users == 1
    async with talk.billing() as billing:
        totals = await billing.counters(SYSTEM)
        spread = await billing.spread(SYSTEM)
    assert (totals.users, totals.balance) == (1, 2 * WELCOME)
    assert (spread.mean, spread.median) == (2 * WELCOME, 2 * WELCOME)


async def test_the_deletion_of_the_account_takes_its_husk_along(
    talk: Talk, anna: Actor, web: Actor
) -> None:
    await talk.say(anna, "echo: in telegram")
    await join(talk, anna, web)

    await talk.delete(web)

    for table in ("users", "balances", "ledger_entries", "conversations", "confirmations"):
        assert await talk.scalar(f"SELECT count(*) FROM {table}") == 0  # noqa: S608 - our tables


async def test_neither_identity_gets_the_welcome_grant_again(
    talk: Talk, anna: Actor, web: Actor
) -> None:
    await join(talk, anna, web)
    await talk.delete(web)

    assert await balance(talk, await talk.register(ANNA.telegram_id)) == 0
    assert await balance(talk, await web_account(talk)) == 0


async def test_stars_paid_in_telegram_reach_the_account(
    talk: Talk, anna: Actor, web: Actor
) -> None:
    await join(talk, anna, web)

    async with talk.payments() as payments:
        credit = await payments.take(talk.stars.pay(ANNA.telegram_id, "topup:small:5000"))

    assert credit.user_id == web.user_id
    assert await balance(talk, web) == 2 * WELCOME + 5000


async def test_an_administrator_stays_one(talk: Talk, web: Actor) -> None:
    chief = await talk.register(ADMIN_ID)
    await join(talk, chief, web)
    boris, other = await talk.register(7002), await web_account(talk, "other")
    async with (await talk.container.get(Engine)).begin() as connection:
        await connection.execute(
            text("UPDATE users SET role = 'admin' WHERE id = :id"), {"id": boris.user_id}
        )
    await join(talk, boris, other)

    assert (await recognise(talk, TelegramProfile(ADMIN_ID, "Anna"))).role is Role.ADMIN
    assert (await row(talk, other))["role"] == "admin"
    assert (await row(talk, boris))["role"] == "user"


@seeds
async def test_a_joining_amid_everything_else_loses_nothing(
    talk: Talk, anna: Actor, web: Actor, seed: int
) -> None:
    """Questions, gifts and the joining at once: no deadlock, nothing lost, nothing astray."""
    confirmation = await opened(talk, anna, web)

    async def ask(actor: Actor) -> Generation:
        return await talk.ask(actor, "echo: now")

    async def give(actor: Actor, number: int) -> None:
        async with talk.billing() as billing:
            await billing.grant(SYSTEM, actor.require_user(), 10, f"{seed}-{number}")

    work = [
        confirm(talk, anna, confirmation),
        *(ask(actor) for actor in (anna, web)),
        *(give((anna, web)[number % 2], number) for number in range(10)),
    ]
    outcomes = await asyncio.gather(*work[seed:], *work[:seed], return_exceptions=True)

    failed = [one for one in outcomes if isinstance(one, BaseException)]
    assert {type(one) for one in failed} <= {AnswerInProgress, UserNotFound}
    for generation in outcomes:
        if isinstance(generation, Generation):
            await talk.answer(generation)
    if (await recognise(talk)).user_id == anna.user_id:
        await confirm(talk, anna, confirmation)
    given = await talk.scalar("SELECT sum(amount) FROM ledger_entries WHERE kind = 'grant'")
    spent = await talk.scalar(
        "SELECT coalesce(sum(amount), 0) FROM ledger_entries WHERE kind = 'usage'"
    )
    assert await balance(talk, web) == given + spent
    assert await talk.scalar("SELECT sum(balance) FROM balances") == given + spent
    strays = await talk.scalar(
        f"SELECT count(*) FROM conversations WHERE user_id <> {web.user_id}"  # noqa: S608
    )
    assert strays == 0
    await talk.expect_nothing_held()


async def test_a_joining_and_deletions_at_once_block_nobody(talk: Talk) -> None:
    for number in range(10):
        telegram, web = await talk.register(7100 + number), await web_account(talk, f"web{number}")
        confirmation = await opened(talk, telegram, web)

        outcomes = await asyncio.gather(
            confirm(talk, telegram, confirmation),
            talk.delete((telegram, web)[number % 2]),
            return_exceptions=True,
        )

        assert outcomes[1] is None
        assert isinstance(
            outcomes[0], Confirmation | UserNotFound | ConfirmationNotFound | ConfirmationOver
        )
