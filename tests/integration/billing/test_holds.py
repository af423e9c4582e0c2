"""Reserve, settle, release, expire."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import structlog

from okno.accounts.errors import UserNotFound
from okno.billing.dto import Balance, EntryKind, Price
from okno.billing.errors import PaymentRequired
from okno.billing.service import BillingService
from okno.billing.service.metrics import HOLDS, UNITS_CHARGED
from okno.kit.actor import SYSTEM, Actor, Forbidden
from okno.kit.uow import UnitOfWork
from tests.support.bank import WELCOME, Bank, request
from tests.support.metrics import value_of

FREE = Price(Decimal(0), Decimal(0))


async def balance_of(bank: Bank, actor: Actor) -> Balance:
    async with bank.billing() as billing:
        return await billing.balance(actor)


async def test_a_hold_leaves_the_balance_and_takes_what_is_available(bank: Bank) -> None:
    anna = await bank.register()
    async with bank.billing() as billing:
        hold = await billing.reserve(anna, request(1500))
    assert (hold.amount, hold.max_tokens) == (1500, 1500)
    balance = await balance_of(bank, anna)
    assert balance == Balance(WELCOME, 1500, 0)
    assert balance.available == WELCOME - 1500


async def test_settling_charges_what_was_used_and_frees_the_rest(bank: Bank) -> None:
    anna = await bank.register()
    async with bank.billing() as billing:
        hold = await billing.reserve(anna, request(1500))
        assert await billing.settle(anna, hold.id, 400, "yandexgpt") == 400
        statement = await billing.statement(anna, 0, 10)
    assert await balance_of(bank, anna) == Balance(WELCOME - 400, 0, 400)
    newest = statement.items[0]
    assert (newest.kind, newest.amount, newest.note) == (EntryKind.USAGE, -400, "yandexgpt")
    assert newest.balance_after == WELCOME - 400


@pytest.mark.parametrize(("used", "charged"), [(2000, 1500), (1500, 1500), (0, 0), (-7, 0)])
async def test_no_more_is_charged_than_was_held(bank: Bank, used: int, charged: int) -> None:
    anna = await bank.register()
    async with bank.billing() as billing:
        hold = await billing.reserve(anna, request(1500))
        assert await billing.settle(anna, hold.id, used, "x") == charged
    assert await balance_of(bank, anna) == Balance(WELCOME - charged, 0, charged)


async def test_a_hold_ends_once(bank: Bank) -> None:
    anna = await bank.register()
    async with bank.billing() as billing:
        settled = await billing.reserve(anna, request(1000))
        released = await billing.reserve(anna, request(1000))
        await billing.settle(anna, settled.id, 300, "x")
        await billing.release(anna, released.id, "timeout")

        for hold in (settled, released):
            assert await billing.settle(anna, hold.id, 900, "x") == 0
            await billing.release(anna, hold.id, "again")
        assert await billing.settle(anna, uuid4(), 900, "never held") == 0
    assert await balance_of(bank, anna) == Balance(WELCOME - 300, 0, 300)


async def test_a_released_hold_costs_nothing_and_says_why(bank: Bank) -> None:
    anna = await bank.register()
    async with bank.billing() as billing:
        hold = await billing.reserve(anna, request(1000))
        with structlog.testing.capture_logs() as logs:
            await billing.release(anna, hold.id, "model-timeout")
    assert await balance_of(bank, anna) == Balance(WELCOME, 0, 0)
    (line,) = [entry for entry in logs if entry["event"] == "hold released"]
    assert line["note"] == "model-timeout"
    assert (line["amount"], line["charged"]) == (1000, 0)


@pytest.mark.parametrize(
    ("price_in", "price_out", "prompt"),
    [("1", "1", 0), ("1", "1", 19_000), ("1.5", "6", 101), ("0.3", "0.7", 33), ("0", "3", 500)],
)
async def test_the_answer_shrinks_to_the_longest_that_the_balance_pays_for(
    bank: Bank, price_in: str, price_out: str, prompt: int
) -> None:
    anna = await bank.register()
    price = Price(Decimal(price_in), Decimal(price_out))
    async with bank.billing() as billing:
        hold = await billing.reserve(anna, request(100_000, 1, price, prompt))
    assert hold.amount == price.cost(prompt, hold.max_tokens) <= WELCOME
    assert price.cost(prompt, hold.max_tokens + 1) > WELCOME


async def test_what_just_fits_is_held_in_full(bank: Bank) -> None:
    anna = await bank.register()
    async with bank.billing() as billing:
        hold = await billing.reserve(anna, request(WELCOME, 1))
    assert (hold.amount, hold.max_tokens) == (WELCOME, WELCOME)


async def test_too_little_for_the_shortest_answer_is_refused(bank: Bank) -> None:
    anna = await bank.register()
    async with bank.billing() as billing:
        await billing.reserve(anna, request(WELCOME - 99))
        with pytest.raises(PaymentRequired) as refused:
            await billing.reserve(anna, request(5000, 100))
        shorter = await billing.reserve(anna, request(5000, 99))
    assert refused.value.values == {"available": 99, "needed": 100}
    assert shorter.max_tokens == 99
    assert await balance_of(bank, anna) == Balance(WELCOME, WELCOME, 0)


async def test_what_costs_nothing_needs_no_balance(bank: Bank) -> None:
    anna = await bank.register()
    async with bank.billing() as billing:
        everything = await billing.reserve(anna, request(WELCOME))
        free = await billing.reserve(anna, request(2000, 100, FREE, prompt=5))
        assert (free.amount, free.max_tokens) == (0, 2000)
        assert await billing.settle(anna, free.id, 2000, "free") == 0
        await billing.release(anna, everything.id, "x")
    assert await balance_of(bank, anna) == Balance(WELCOME, 0, 0)


async def test_a_free_answer_to_a_paid_prompt_is_held_in_full_or_not_at_all(bank: Bank) -> None:
    anna = await bank.register()
    price = Price(Decimal(2), Decimal(0))
    async with bank.billing() as billing:
        with pytest.raises(PaymentRequired):
            await billing.reserve(anna, request(50, 1, price, prompt=WELCOME))
        hold = await billing.reserve(anna, request(50, 1, price, prompt=WELCOME // 2))
    assert (hold.amount, hold.max_tokens) == (WELCOME, 50)


async def test_a_hold_whose_process_died_ends_after_its_time(bank: Bank) -> None:
    anna = await bank.register()
    async with bank.billing() as billing:
        first = await billing.reserve(anna, request(1000))
        bank.clock.ahead = timedelta(seconds=600)
        second = await billing.reserve(anna, request(2000))
        bank.clock.ahead = timedelta(seconds=901)

        assert await billing.expire_holds(SYSTEM) == 1
        assert await billing.expire_holds(SYSTEM) == 0
        assert await billing.settle(anna, first.id, 500, "too late") == 0
        assert await billing.settle(anna, second.id, 500, "in time") == 500
    assert await balance_of(bank, anna) == Balance(WELCOME - 500, 0, 500)


async def test_a_hold_belongs_to_its_user(bank: Bank) -> None:
    anna, boris = await bank.register(), await bank.register(7002)
    async with bank.billing() as billing:
        hold = await billing.reserve(anna, request(1000))
    async with bank.billing() as billing:
        with pytest.raises(Forbidden):
            await billing.settle(boris, hold.id, 1000, "x")
    async with bank.billing() as billing:
        with pytest.raises(Forbidden):
            await billing.release(boris, hold.id, "x")
        assert await billing.settle(SYSTEM, hold.id, 1000, "x") == 1000


async def test_only_the_system_expires_and_only_a_person_reserves(bank: Bank) -> None:
    anna = await bank.register()
    async with bank.billing() as billing:
        with pytest.raises(Forbidden):
            await billing.expire_holds(anna)
        with pytest.raises(Forbidden):
            await billing.reserve(SYSTEM, request(1))


async def test_who_is_deleted_can_hold_nothing(bank: Bank) -> None:
    anna = await bank.register()
    async with bank.billing() as billing:
        hold = await billing.reserve(anna, request(1000))
    await bank.delete(anna)
    async with bank.billing() as billing:
        assert await billing.settle(anna, hold.id, 500, "x") == 0
        await billing.release(anna, hold.id, "x")
        with pytest.raises(UserNotFound):
            await billing.reserve(anna, request(1000))


async def test_it_joins_the_transaction_of_the_caller(bank: Bank) -> None:
    anna = await bank.register()
    async with bank.billing() as other:
        uow = await bank.container.get(UnitOfWork)
        billing = await bank.container.get(BillingService)
        with pytest.raises(ZeroDivisionError), structlog.testing.capture_logs() as logs:
            async with uow.begin():
                await billing.reserve(anna, request(1000))
                raise ZeroDivisionError
        assert (await other.balance(anna)).held == 0
    assert not logs, "what was rolled back is not told"


async def test_everything_is_counted(bank: Bank) -> None:
    def counted() -> dict[str, float]:
        outcomes = ("taken", "refused", "settled", "released", "expired")
        counts = {outcome: value_of(HOLDS.labels(outcome)) for outcome in outcomes}
        return counts | {"units": value_of(UNITS_CHARGED)}

    anna = await bank.register()
    before = counted()
    async with bank.billing() as billing:
        for _ in range(2):
            await billing.reserve(anna, request(100))
        hold = await billing.reserve(anna, request(100))
        await billing.settle(anna, hold.id, 60, "x")
        hold = await billing.reserve(anna, request(100))
        await billing.release(anna, hold.id, "x")
        bank.clock.ahead = timedelta(hours=1)
        await billing.expire_holds(SYSTEM)
    async with bank.billing() as billing:
        with pytest.raises(PaymentRequired):
            await billing.reserve(anna, request(WELCOME + 1))
    after = counted()
    assert {name: after[name] - before[name] for name in after} == {
        "taken": 4,
        "refused": 1,
        "settled": 1,
        "released": 1,
        "expired": 2,
        "units": 60,
    }


async def test_long_notes_are_cut_rather_than_refused(bank: Bank) -> None:
    anna = await bank.register()
    async with bank.billing() as billing:
        hold = await billing.reserve(anna, replace(request(10), purpose="p" * 1000))
        assert await billing.settle(anna, hold.id, 5, "n" * 1000) == 5
