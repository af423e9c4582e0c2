"""The welcome grant, changes by hand, the statement, the counters, and the ledger's guard."""

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from okno.accounts.errors import UserNotFound
from okno.billing.dto import Balance, Counters, EntryKind
from okno.billing.errors import AmountInvalid, BalanceTooLow, ChangeDiffers
from okno.billing.service.adjustments import MAX_AMOUNT
from okno.kit.actor import SYSTEM, Actor, Forbidden, Role
from okno.kit.db import Engine
from okno.kit.settings import Settings
from tests.conftest import ADMIN_ID
from tests.support.bank import WELCOME, Bank, request


async def test_the_first_look_gives_the_welcome_grant(bank: Bank) -> None:
    anna = await bank.register()
    async with bank.billing() as billing:
        assert await billing.balance(anna) == Balance(WELCOME, 0, 0)
        assert await billing.balance(anna) == Balance(WELCOME, 0, 0)
        (entry,) = (await billing.statement(anna, 0, 10)).items
    assert (entry.kind, entry.amount) == (EntryKind.GRANT, WELCOME)


async def test_who_leaves_and_comes_back_is_not_welcomed_again(bank: Bank) -> None:
    anna = await bank.register()
    async with bank.billing() as billing:
        await billing.balance(anna)
    await bank.delete(anna)

    again = await bank.register()

    async with bank.billing() as billing:
        assert await billing.balance(again) == Balance(0, 0, 0)
        assert (await billing.statement(again, 0, 10)).items == ()
    boris = await bank.register(7002)
    async with bank.billing() as billing:
        assert (await billing.balance(boris)).balance == WELCOME


async def test_the_note_of_the_welcome_grant_does_not_show_the_telegram_id(bank: Bank) -> None:
    anna = await bank.register(7001)
    async with bank.billing() as billing:
        await billing.balance(anna)
    identity = await bank.scalar("SELECT identity FROM welcome_grants")
    assert len(identity) == 32
    assert b"7001" not in identity


async def test_a_welcome_of_nothing_leaves_an_empty_balance(
    settings: Settings, clean: None
) -> None:
    bank = Bank(settings, welcome_tokens=0)
    anna = await bank.register()
    async with bank.billing() as billing:
        assert await billing.balance(anna) == Balance(0, 0, 0)
    await bank.expect_correct_books()
    await bank.close()


async def test_an_admin_grants_once_per_key(bank: Bank) -> None:
    anna, chief = await bank.register(), await bank.register(ADMIN_ID)
    async with bank.billing() as billing:
        with structlog.testing.capture_logs() as logs:
            first = await billing.grant(chief, anna.require_user(), 500, "update-1")
            again = await billing.grant(chief, anna.require_user(), 500, "update-1")
        other = await billing.grant(chief, anna.require_user(), 500, "update-2")
    assert first == again == Balance(WELCOME + 500, 0, 0)
    assert other.balance == WELCOME + 1000
    lines = [line for line in logs if line["event"] == "balance changed"]
    assert [(line["amount"], line["created_by"]) for line in lines] == [
        (WELCOME, None),
        (500, chief.user_id),
    ]


async def test_a_key_stands_for_one_change(bank: Bank) -> None:
    anna = await bank.register()
    user_id = anna.require_user()
    async with bank.billing() as billing:
        await billing.top_up(SYSTEM, user_id, 500, "order-1")
        await billing.set_balance(SYSTEM, user_id, 900, "order-1")
        await billing.top_up(SYSTEM, user_id, 50, "order-2")
        assert (await billing.top_up(SYSTEM, user_id, 500, "order-1")).balance == 950
        assert (await billing.set_balance(SYSTEM, user_id, 900, "order-1")).balance == 950
    async with bank.billing() as billing:
        with pytest.raises(ChangeDiffers):
            await billing.top_up(SYSTEM, user_id, 501, "order-1")
    async with bank.billing() as billing:
        with pytest.raises(ChangeDiffers):
            await billing.set_balance(SYSTEM, user_id, 901, "order-1")
    async with bank.billing() as billing:
        assert (await billing.balance(anna)).balance == 950


async def test_a_balance_that_was_right_already_is_not_set_again_later(bank: Bank) -> None:
    anna = await bank.register()
    user_id = anna.require_user()
    async with bank.billing() as billing:
        await billing.set_balance(SYSTEM, user_id, WELCOME, "order-1")
        await billing.top_up(SYSTEM, user_id, 50, "order-2")
        repeated = await billing.set_balance(SYSTEM, user_id, WELCOME, "order-1")
    assert repeated.balance == WELCOME + 50


async def test_an_adjustment_goes_both_ways_but_not_into_what_is_held(bank: Bank) -> None:
    anna = await bank.register()
    user_id = anna.require_user()
    async with bank.billing() as billing:
        await billing.reserve(anna, request(15_000))
        assert (await billing.adjust(SYSTEM, user_id, 100, "up")).balance == WELCOME + 100
        assert (await billing.adjust(SYSTEM, user_id, -5100, "down")).available == 0
    async with bank.billing() as billing:
        with pytest.raises(BalanceTooLow) as refused:
            await billing.adjust(SYSTEM, user_id, -1, "too far")
        assert (await billing.adjust(SYSTEM, user_id, -5100, "down")).available == 0
    assert refused.value.values == {"available": 0}


@pytest.mark.parametrize("amount", [0, -1, MAX_AMOUNT + 1])
async def test_a_grant_is_a_sensible_number(bank: Bank, amount: int) -> None:
    anna = await bank.register()
    async with bank.billing() as billing:
        with pytest.raises(AmountInvalid):
            await billing.grant(SYSTEM, anna.require_user(), amount, "x")


@pytest.mark.parametrize("amount", [0, MAX_AMOUNT + 1, -MAX_AMOUNT - 1])
async def test_an_adjustment_is_a_sensible_number(bank: Bank, amount: int) -> None:
    anna = await bank.register()
    async with bank.billing() as billing:
        with pytest.raises(AmountInvalid):
            await billing.adjust(SYSTEM, anna.require_user(), amount, "x")


async def test_nobody_gets_units_who_is_not_there(bank: Bank) -> None:
    async with bank.billing() as billing:
        with pytest.raises(UserNotFound):
            await billing.grant(SYSTEM, 404, 5, "x")
    async with bank.billing() as billing:
        with pytest.raises(UserNotFound):
            await billing.balance(Actor(Role.USER, 404))


async def test_a_user_can_neither_grant_nor_adjust_nor_count(bank: Bank) -> None:
    anna = await bank.register()
    user_id = anna.require_user()
    async with bank.billing() as billing:
        for use_case in (
            billing.grant(anna, user_id, 5, "x"),
            billing.adjust(anna, user_id, 5, "x"),
            billing.counters(anna),
        ):
            with pytest.raises(Forbidden):
                await use_case


async def test_a_statement_is_paged_the_newest_first(bank: Bank) -> None:
    anna, boris = await bank.register(), await bank.register(7002)
    async with bank.billing() as billing:
        for number in range(1, 7):
            await billing.grant(SYSTEM, anna.require_user(), number, str(number))
            await billing.grant(SYSTEM, boris.require_user(), 99, f"b{number}")
        pages = [await billing.statement(anna, number, 3) for number in range(3)]
        beyond = await billing.statement(anna, 50, 3)
        before = await billing.statement(anna, -1, 3)
    amounts = [[entry.amount for entry in page.items] for page in pages]
    assert amounts == [[6, 5, 4], [3, 2, 1], [WELCOME]]
    assert (pages[0].total, pages[0].count, pages[0].size) == (7, 3, 3)
    assert beyond == pages[2]
    assert before == pages[0]


async def test_the_counters_are_the_sums_of_all(bank: Bank) -> None:
    async with bank.billing() as billing:
        assert await billing.counters(SYSTEM) == Counters(0, 0, 0, 0, 0, 0, 0)
    anna, boris = await bank.register(), await bank.register(7002)
    async with bank.billing() as billing:
        await billing.reserve(anna, request(100))
        hold = await billing.reserve(boris, request(100))
        await billing.settle(boris, hold.id, 40, "x")
        counters = await billing.counters(SYSTEM)
    assert counters == Counters(2, 2 * WELCOME - 40, 100, 40, 1, 0, 0)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entries SET amount = amount + 1",
        "UPDATE ledger_entries SET note = 'x'",
        "UPDATE ledger_entries SET created_by = user_id",
        "DELETE FROM ledger_entries",
    ],
)
async def test_the_ledger_can_not_be_rewritten(bank: Bank, statement: str) -> None:
    anna = await bank.register()
    async with bank.billing() as billing:
        await billing.balance(anna)
    engine = await bank.container.get(Engine)
    with pytest.raises(DBAPIError, match="can not be changed or deleted"):
        async with engine.begin() as connection:
            await connection.execute(text(statement))


async def test_a_deleted_user_takes_the_ledger_along(bank: Bank) -> None:
    anna = await bank.register()
    async with bank.billing() as billing:
        await billing.reserve(anna, request(100))
    await bank.delete(anna)
    for table in ("balances", "holds", "ledger_entries"):
        assert await bank.scalar(f"SELECT count(*) FROM {table}") == 0  # noqa: S608 - our tables


async def test_a_deleted_admin_leaves_the_entries_that_the_admin_made(bank: Bank) -> None:
    anna, chief = await bank.register(), await bank.register(ADMIN_ID)
    async with bank.billing() as billing:
        await billing.grant(chief, anna.require_user(), 500, "x")
        await billing.grant(chief, chief.require_user(), 500, "y")
    await bank.delete(chief)
    assert await bank.scalar("SELECT count(*) FROM ledger_entries") == 2
    assert await bank.scalar("SELECT count(created_by) FROM ledger_entries") == 0


async def test_the_balance_can_not_fall_below_zero_or_below_what_is_held(bank: Bank) -> None:
    anna = await bank.register()
    async with bank.billing() as billing:
        await billing.reserve(anna, request(100))
    engine = await bank.container.get(Engine)
    for wrong in ("balance = -1, held = 0", "held = balance + 1", "held = -1"):
        with pytest.raises(DBAPIError, match="ck_balances"):
            async with engine.begin() as connection:
                await connection.execute(text(f"UPDATE balances SET {wrong}"))  # noqa: S608


async def test_an_admin_sees_the_balances_that_there_are(bank: Bank) -> None:
    anna, boris = await bank.register(), await bank.register(7002)
    async with bank.billing() as billing:
        await billing.balance(anna)
        ids = [anna.require_user(), boris.require_user(), 4711]
        seen = await billing.balances(Actor(Role.ADMIN, 1), ids)
        assert seen == {anna.user_id: Balance(WELCOME, 0, 0)}
        assert await billing.balances(SYSTEM, []) == {}
        with pytest.raises(Forbidden):
            await billing.balances(anna, ids)
