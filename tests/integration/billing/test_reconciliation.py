"""Payments lost in an outage are found in Telegram's list of transactions."""

import asyncio

import pytest

from okno.billing.dto import Balance, PaymentState, Reconciliation
from okno.billing.errors import RefundRefused
from okno.billing.service import reconciliation
from okno.billing.store.progress import ProgressStore
from okno.kit.actor import SYSTEM, Actor, Forbidden
from tests.support.bank import WELCOME, Bank
from tests.support.stars import FakeStars

ANNA = 7001
PAYLOAD = "topup:small:1000"
NOTHING = Reconciliation(0, 0)


async def reconcile(bank: Bank) -> Reconciliation:
    async with bank.payments() as payments:
        return await payments.reconcile(SYSTEM)


async def balance_of(bank: Bank, actor: Actor) -> int:
    async with bank.billing() as billing:
        return (await billing.balance(actor)).balance


async def test_lost_payments_and_refunds_are_found(bank: Bank) -> None:
    anna = await bank.register(ANNA)
    lost, told, refunded, both = (bank.stars.pay(ANNA, PAYLOAD) for _ in range(4))
    bank.stars.withdraw()
    async with bank.payments() as payments:
        await payments.take(told)
        await payments.take(refunded)
    bank.stars.give_back(refunded.charge_id)
    bank.stars.give_back(both.charge_id)

    assert await reconcile(bank) == Reconciliation(credited=2, refunded=2)

    assert await balance_of(bank, anna) == WELCOME + 2000
    assert await reconcile(bank) == NOTHING
    async with bank.payments() as payments:
        assert not (await payments.take(lost)).is_new
    assert await balance_of(bank, anna) == WELCOME + 2000


async def test_a_run_goes_on_where_the_last_one_ended(bank: Bank) -> None:
    anna = await bank.register(ANNA)
    for _ in range(250):
        bank.stars.withdraw()
    await reconcile(bank)
    bank.stars.asked.clear()

    bank.stars.pay(ANNA, PAYLOAD)
    assert await reconcile(bank) == Reconciliation(1, 0)

    assert min(offset for offset, _ in bank.stars.asked) == 150
    assert await balance_of(bank, anna) == WELCOME + 1000


async def test_the_work_of_a_run_is_bounded_and_the_next_one_goes_on(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconciliation, "MAX_PAGES", 3)
    anna = await bank.register(ANNA)
    for _ in range(450):
        bank.stars.withdraw()
    bank.stars.pay(ANNA, PAYLOAD)

    assert await reconcile(bank) == NOTHING
    assert len(bank.stars.asked) == 3
    assert await reconcile(bank) == Reconciliation(1, 0)
    assert await balance_of(bank, anna) == WELCOME + 1000


async def test_a_line_that_shows_up_late_on_the_last_page_is_still_seen(bank: Bank) -> None:
    anna = await bank.register(ANNA)
    for _ in range(120):
        bank.stars.withdraw()
    await reconcile(bank)
    bank.stars.pay(ANNA, PAYLOAD)
    bank.stars.lines.insert(100, bank.stars.lines.pop())

    assert await reconcile(bank) == Reconciliation(1, 0)
    assert await balance_of(bank, anna) == WELCOME + 1000


async def test_a_list_that_is_another_one_is_read_from_its_beginning(bank: Bank) -> None:
    anna = await bank.register(ANNA)
    for _ in range(130):
        bank.stars.withdraw()
    await reconcile(bank)
    other = FakeStars()
    bank.stars.lines = other.lines
    bank.stars.pay(ANNA, PAYLOAD)

    assert await reconcile(bank) == Reconciliation(1, 0)
    assert await reconcile(bank) == NOTHING
    assert await balance_of(bank, anna) == WELCOME + 1000


async def test_a_payment_that_the_ledger_refuses_holds_up_no_other(bank: Bank) -> None:
    good, refused = (bank.stars.pay(ANNA, PAYLOAD) for _ in range(2))
    async with bank.payments() as payments:
        await payments.take(good)
        await payments.take(refused)
    anna, boris = await bank.register(ANNA), await bank.register(7002)
    await bank.book(boris, 5, f"topup:{refused.charge_id}")

    assert await reconcile(bank) == Reconciliation(1, 0)

    assert await balance_of(bank, anna) == WELCOME + 1000
    assert await bank.scalar("SELECT charge_id FROM payments WHERE state = 'unclaimed'") == (
        refused.charge_id
    )


async def test_two_runs_at_once_credit_once(bank: Bank) -> None:
    anna = await bank.register(ANNA)
    for _ in range(15):
        bank.stars.pay(ANNA, PAYLOAD)
    bank.stars.give_back("charge-3")

    found = await asyncio.gather(*(reconcile(bank) for _ in range(4)))

    assert sum(run.credited for run in found) == 15
    assert sum(run.refunded for run in found) == 1
    assert await balance_of(bank, anna) == WELCOME + 14_000


async def test_who_paid_as_a_stranger_is_credited_after_registering(bank: Bank) -> None:
    bank.stars.pay(ANNA, PAYLOAD)
    assert await reconcile(bank) == NOTHING
    assert await bank.scalar("SELECT state FROM payments") == PaymentState.UNCLAIMED

    anna = await bank.register(ANNA)

    assert await reconcile(bank) == Reconciliation(1, 0)
    assert await balance_of(bank, anna) == WELCOME + 1000


async def test_what_is_not_ours_is_left_alone(bank: Bank) -> None:
    anna = await bank.register(ANNA)
    foreign = bank.stars.pay(ANNA, "of another program")
    bank.stars.give_back(foreign.charge_id)
    assert await reconcile(bank) == NOTHING
    assert await bank.scalar("SELECT count(*) FROM payments") == 0
    assert await balance_of(bank, anna) == WELCOME


async def test_a_refund_that_broke_off_is_finished(bank: Bank) -> None:
    anna = await bank.register(ANNA)
    payment = bank.stars.pay(ANNA, PAYLOAD)
    async with bank.payments() as payments:
        await payments.take(payment)
        bank.stars.fault = ConnectionError()
        with pytest.raises(ConnectionError):
            await payments.refund(SYSTEM, payment.charge_id)

    assert await reconcile(bank) == Reconciliation(0, 1)

    assert bank.stars.refunds() == [payment.charge_id]
    assert await balance_of(bank, anna) == WELCOME


async def test_a_refund_that_telegram_refuses_does_not_stop_the_run(bank: Bank) -> None:
    anna = await bank.register(ANNA)
    charges = [bank.stars.pay(ANNA, PAYLOAD) for _ in range(2)]
    async with bank.payments() as payments:
        for payment in charges:
            await payments.take(payment)
            bank.stars.fault = ConnectionError()
            with pytest.raises(ConnectionError):
                await payments.refund(SYSTEM, payment.charge_id)
    bank.stars.fault = RefundRefused(reason="BALANCE_TOO_LOW")

    assert await reconcile(bank) == Reconciliation(0, 1)

    assert len(bank.stars.refunds()) == 1
    assert await balance_of(bank, anna) == WELCOME + 1000


async def test_a_failing_page_is_read_again_by_the_next_run(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = await bank.register(ANNA)
    for _ in range(3):
        bank.stars.pay(ANNA, PAYLOAD)

    async def fail(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch, pytest.raises(ZeroDivisionError):
        patch.setattr(ProgressStore, "put", fail)
        await reconcile(bank)

    assert await reconcile(bank) == NOTHING, "its payments were credited before it failed"
    assert await balance_of(bank, anna) == WELCOME + 3000


async def test_an_empty_account_is_no_trouble(bank: Bank) -> None:
    assert await reconcile(bank) == NOTHING
    anna = await bank.register(ANNA)
    async with bank.billing() as billing:
        assert await billing.balance(anna) == Balance(WELCOME, 0, 0)
    async with bank.payments() as payments:
        with pytest.raises(Forbidden):
            await payments.reconcile(anna)
