"""Two balances become one: no unit is lost or made, no entry is changed."""

import random

import pytest

from okno.accounts.store.joining import JoiningStore
from okno.billing.dto import EntryKind, PaymentState
from okno.billing.errors import UnitsHeld
from okno.billing.personal_data import BillingData
from okno.kit.actor import SYSTEM, Actor
from okno.kit.uow import UnitOfWork
from tests.support.bank import WELCOME, Bank, request
from tests.support.rounds import seeds


async def join(bank: Bank, source: Actor, target: Actor) -> None:
    uow = await bank.container.get(UnitOfWork)
    data = await bank.container.get(BillingData)
    users = source.require_user(), target.require_user()
    async with uow.begin():
        await (await bank.container.get(JoiningStore)).lock(*users)
        await data.move(*users)


async def total(bank: Bank) -> int:
    return int(await bank.scalar("SELECT sum(balance) FROM balances"))


async def spend(bank: Bank, actor: Actor, amount: int) -> None:
    async with bank.billing() as billing:
        hold = await billing.reserve(actor, request(amount))
        await billing.settle(actor, hold.id, amount, "small")


@seeds
async def test_the_sum_stays_and_the_statement_is_that_of_both(bank: Bank, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    anna, web = await bank.register(), await bank.register(7002)
    for number in range(20):
        actor, amount = chance.choice((anna, web)), chance.randint(1, 900)
        if chance.random() < 0.5:
            await spend(bank, actor, amount)
        else:
            async with bank.billing() as billing:
                await billing.grant(SYSTEM, actor.require_user(), amount, f"{seed}-{number}")
    async with bank.billing() as billing:
        before = [await billing.balance(actor) for actor in (anna, web)]
        seen = [await billing.statement(actor, 0, 100) for actor in (anna, web)]
    known = {entry.id for page in seen for entry in page.items}

    await join(bank, anna, web)

    async with bank.billing() as billing:
        after = await billing.balance(web)
        statement = await billing.statement(web, 0, 100)
    assert after.balance == sum(balance.balance for balance in before)
    assert after.used_total == sum(balance.used_total for balance in before)
    assert sum(entry.amount for entry in statement.items) == after.balance
    assert statement.total == len(statement.items) == len(known) + 2
    assert known < {entry.id for entry in statement.items}
    ids = [entry.id for entry in statement.items]
    assert ids == sorted(ids, reverse=True)
    await bank.expect_correct_books()


async def test_two_entries_move_the_balance(bank: Bank) -> None:
    anna, web = await bank.register(), await bank.register(7002)
    await spend(bank, anna, 300)

    await join(bank, anna, web)

    async with bank.billing() as billing:
        statement = await billing.statement(web, 0, 2)
    moved = WELCOME - 300
    assert [(entry.amount, entry.kind) for entry in statement.items] == [
        (moved, EntryKind.ADJUSTMENT),
        (-moved, EntryKind.ADJUSTMENT),
    ]
    assert [entry.balance_after for entry in statement.items] == [2 * WELCOME - 300, 0]


async def test_pages_of_the_statement_hold_every_entry_once(bank: Bank) -> None:
    anna, web = await bank.register(), await bank.register(7002)
    for number in range(6):
        await spend(bank, (anna, web)[number % 2], 10 + number)
    await join(bank, anna, web)

    async with bank.billing() as billing:
        whole = await billing.statement(web, 0, 100)
        pages = [await billing.statement(web, number, 3) for number in range(4)]

    assert [entry for page in pages for entry in page.items] == list(whole.items)
    assert {page.total for page in pages} == {10}


async def test_a_balance_that_was_never_looked_at_brings_its_welcome_grant(bank: Bank) -> None:
    anna, web = await bank.register(), await bank.register(7002)

    await join(bank, anna, web)

    async with bank.billing() as billing:
        assert (await billing.balance(web)).balance == 2 * WELCOME
    await bank.expect_correct_books()


async def test_an_empty_balance_moves_without_an_entry(bank: Bank) -> None:
    anna, web = await bank.register(), await bank.register(7002)
    await spend(bank, anna, WELCOME)

    await join(bank, anna, web)

    async with bank.billing() as billing:
        statement = await billing.statement(web, 0, 10)
        assert (await billing.balance(web)).used_total == WELCOME
    assert [entry.amount for entry in statement.items] == [WELCOME, -WELCOME, WELCOME]
    await bank.expect_correct_books()


@pytest.mark.parametrize("holder", [0, 1])
async def test_while_something_is_held_nothing_moves(bank: Bank, holder: int) -> None:
    anna, web = await bank.register(), await bank.register(7002)
    async with bank.billing() as billing:
        hold = await billing.reserve((anna, web)[holder], request(100))

    with pytest.raises(UnitsHeld):
        await join(bank, anna, web)

    assert await bank.scalar("SELECT count(merged_into) FROM balances") == 0
    async with bank.billing() as billing:
        await billing.settle(SYSTEM, hold.id, 40, "small")
    await join(bank, anna, web)
    assert await total(bank) == 2 * WELCOME - 40
    await bank.expect_correct_books()


async def test_a_payment_is_refunded_off_the_balance_that_has_it_now(bank: Bank) -> None:
    anna, web = await bank.register(), await bank.register(7002)
    payment = bank.stars.pay(7001, "topup:small:5000")
    async with bank.payments() as payments:
        credit = await payments.take(payment)
    assert credit.state is PaymentState.PAID

    await join(bank, anna, web)
    async with bank.payments() as payments:
        await payments.refund(SYSTEM, payment.charge_id)

    async with bank.billing() as billing:
        assert (await billing.balance(web)).balance == 2 * WELCOME
    assert await bank.scalar("SELECT user_id FROM payments") == web.user_id
    await bank.expect_correct_books()
