"""Refunds: units first, Stars second, and every point at which it can break off."""

import asyncio

import pytest

from okno.billing.dto import Balance, EntryKind, PaymentState, Refund, StarPayment
from okno.billing.errors import PaymentNotFound, RefundRefused, RefundSpent
from okno.billing.service import refunds
from okno.billing.service.metrics import STARS
from okno.billing.store.payments import PaymentStore
from okno.kit.actor import SYSTEM, Actor, Forbidden
from tests.support.bank import WELCOME, Bank, request
from tests.support.metrics import value_of
from tests.support.rounds import repeated

ANNA = 7001
TOKENS = 5000


class PowerCut(Exception):
    """The process is gone at this point."""


async def pay(bank: Bank, telegram_id: int = ANNA) -> StarPayment:
    payment = bank.stars.pay(telegram_id, f"topup:small:{TOKENS}")
    async with bank.payments() as payments:
        await payments.take(payment)
    return payment


async def refund(bank: Bank, charge_id: str, *, force: bool = False) -> Refund:
    async with bank.payments() as payments:
        return await payments.refund(SYSTEM, charge_id, force=force)


async def note(bank: Bank, notice: StarPayment) -> bool:
    async with bank.payments() as payments:
        return await payments.note_refund(notice)


async def balance_of(bank: Bank, actor: Actor) -> Balance:
    async with bank.billing() as billing:
        return await billing.balance(actor)


async def state_of(bank: Bank, charge_id: str) -> str:
    return str(await bank.scalar(f"SELECT state FROM payments WHERE charge_id = '{charge_id}'"))  # noqa: S608


async def spend(bank: Bank, actor: Actor, amount: int) -> None:
    async with bank.billing() as billing:
        hold = await billing.reserve(actor, request(amount))
        await billing.settle(actor, hold.id, amount, "x")


async def test_a_refund_takes_the_units_and_gives_the_stars(bank: Bank) -> None:
    anna = await bank.register(ANNA)
    payment = await pay(bank)
    counted = value_of(STARS.labels("refunded"))

    done = await refund(bank, payment.charge_id)

    assert done == Refund(payment.charge_id, ANNA, 50, TOKENS, 0)
    assert bank.stars.refunds() == [payment.charge_id]
    assert await balance_of(bank, anna) == Balance(WELCOME, 0, 0)
    async with bank.billing() as billing:
        entry = (await billing.statement(anna, 0, 1)).items[0]
        counters = await billing.counters(SYSTEM)
    assert (entry.kind, entry.amount) == (EntryKind.REFUND, -TOKENS)
    assert (counters.stars_paid, counters.stars_refunded) == (0, 50)
    assert value_of(STARS.labels("refunded")) == counted + 50


async def test_a_repeat_and_telegrams_own_notice_do_nothing_more(bank: Bank) -> None:
    anna = await bank.register(ANNA)
    payment = await pay(bank)
    done = await refund(bank, payment.charge_id)

    assert await refund(bank, payment.charge_id) == done
    assert not await note(bank, payment)
    async with bank.payments() as payments:
        assert not (await payments.take(payment)).is_new

    assert bank.stars.refunds() == [payment.charge_id]
    assert await balance_of(bank, anna) == Balance(WELCOME, 0, 0)


async def test_refunds_and_notices_at_once_take_the_units_once(bank: Bank) -> None:
    anna = await bank.register(ANNA)
    payment = await pay(bank)

    await asyncio.gather(
        *(refund(bank, payment.charge_id) for _ in range(6)),
        *(note(bank, payment) for _ in range(6)),
    )

    assert await balance_of(bank, anna) == Balance(WELCOME, 0, 0)
    assert bank.stars.refunds() in ([], [payment.charge_id])
    assert await state_of(bank, payment.charge_id) == PaymentState.REFUNDED


async def test_spent_units_stop_a_refund_unless_it_is_forced(bank: Bank) -> None:
    anna = await bank.register(ANNA)
    payment = await pay(bank)
    await spend(bank, anna, WELCOME + 1000)

    with pytest.raises(RefundSpent) as refused:
        await refund(bank, payment.charge_id)
    assert refused.value.values == {"available": TOKENS - 1000, "needed": TOKENS}
    assert bank.stars.refunds() == []
    assert (await balance_of(bank, anna)).balance == TOKENS - 1000

    done = await refund(bank, payment.charge_id, force=True)

    assert done.shortfall == 1000
    assert (await balance_of(bank, anna)).balance == 0
    assert bank.stars.refunds() == [payment.charge_id]


async def test_what_a_running_answer_holds_is_not_taken(bank: Bank) -> None:
    anna = await bank.register(ANNA)
    payment = await pay(bank)
    async with bank.billing() as billing:
        hold = await billing.reserve(anna, request(WELCOME + 4000))
    done = await refund(bank, payment.charge_id, force=True)
    assert done.shortfall == 4000
    async with bank.billing() as billing:
        assert await billing.settle(anna, hold.id, WELCOME + 4000, "x") == WELCOME + 4000
    assert (await balance_of(bank, anna)).balance == 0


@pytest.mark.parametrize("reply_lost", [False, True])
async def test_a_crash_between_the_ledger_and_telegram_is_gone_on_from(
    bank: Bank,
    reply_lost: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    anna = await bank.register(ANNA)
    payment = await pay(bank)
    bank.stars.fault, bank.stars.forgets = PowerCut(), reply_lost

    with pytest.raises(PowerCut):
        await refund(bank, payment.charge_id)
    assert await state_of(bank, payment.charge_id) == PaymentState.REFUNDING
    assert await balance_of(bank, anna) == Balance(WELCOME, 0, 0)

    await refund(bank, payment.charge_id)

    assert await state_of(bank, payment.charge_id) == PaymentState.REFUNDED
    assert await balance_of(bank, anna) == Balance(WELCOME, 0, 0)
    assert bank.stars.refunds() == [payment.charge_id]


async def test_a_crash_in_the_ledger_leaves_everything_as_it_was(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = await bank.register(ANNA)
    payment = await pay(bank)

    async def cut(*_: object, **__: object) -> None:
        raise PowerCut

    with monkeypatch.context() as patch, pytest.raises(PowerCut):
        patch.setattr(PaymentStore, "set_shortfall", cut)
        await refund(bank, payment.charge_id)

    assert await state_of(bank, payment.charge_id) == PaymentState.PAID
    assert (await balance_of(bank, anna)).balance == WELCOME + TOKENS
    assert bank.stars.refunds() == []


async def test_a_crash_after_telegram_is_gone_on_from(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = await bank.register(ANNA)
    payment = await pay(bank)

    async def cut(*_: object) -> None:
        raise PowerCut

    with monkeypatch.context() as patch, pytest.raises(PowerCut):
        patch.setattr(refunds.Refunds, "_close", cut)
        await refund(bank, payment.charge_id)
    assert await state_of(bank, payment.charge_id) == PaymentState.REFUNDING
    assert bank.stars.refunds() == [payment.charge_id]

    assert await note(bank, payment)

    assert await state_of(bank, payment.charge_id) == PaymentState.REFUNDED
    assert await balance_of(bank, anna) == Balance(WELCOME, 0, 0)


async def test_what_telegram_refuses_is_undone_and_can_be_tried_again(bank: Bank) -> None:
    anna = await bank.register(ANNA)
    payment = await pay(bank)
    for _ in range(2):
        bank.stars.fault = RefundRefused(reason="BALANCE_TOO_LOW")
        with pytest.raises(RefundRefused):
            await refund(bank, payment.charge_id)
        assert await state_of(bank, payment.charge_id) == PaymentState.PAID
        assert (await balance_of(bank, anna)).balance == WELCOME + TOKENS

    await refund(bank, payment.charge_id)

    assert (await balance_of(bank, anna)).balance == WELCOME
    assert bank.stars.refunds() == [payment.charge_id]


async def test_two_refusals_at_once_give_the_units_back_once(bank: Bank) -> None:
    anna = await bank.register(ANNA)
    payment = await pay(bank)
    bank.stars.lines.clear()  # Telegram knows nothing of it

    refused = await asyncio.gather(
        *(refund(bank, payment.charge_id) for _ in range(8)), return_exceptions=True
    )

    assert {type(error) for error in refused} == {RefundRefused}
    assert (await balance_of(bank, anna)).balance == WELCOME + TOKENS


async def test_a_refusal_that_a_notice_has_overtaken_changes_nothing(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = await bank.register(ANNA)
    payment = await pay(bank)

    async def refuse(*_: object) -> None:
        await note(bank, payment)
        raise RefundRefused(reason="CHARGE_ALREADY_REFUNDED, in other words")

    monkeypatch.setattr(bank.stars, "refund", refuse)
    with pytest.raises(RefundRefused):
        await refund(bank, payment.charge_id)

    assert await state_of(bank, payment.charge_id) == PaymentState.REFUNDED
    assert await balance_of(bank, anna) == Balance(WELCOME, 0, 0)


async def test_a_refund_by_telegram_itself_takes_what_is_there(bank: Bank) -> None:
    anna = await bank.register(ANNA)
    payment = await pay(bank)
    await spend(bank, anna, WELCOME + 2000)

    assert await note(bank, payment)
    assert not await note(bank, payment)

    assert (await balance_of(bank, anna)).balance == 0
    assert await bank.scalar("SELECT shortfall FROM payments") == 2000


async def test_a_notice_before_its_payment_keeps_it_from_being_credited(bank: Bank) -> None:
    anna = await bank.register(ANNA)
    payment = bank.stars.pay(ANNA, f"topup:small:{TOKENS}")

    assert await note(bank, payment)
    async with bank.payments() as payments:
        credit = await payments.take(payment)

    assert (credit.state, credit.is_new) == (PaymentState.REFUNDED, False)
    assert await balance_of(bank, anna) == Balance(WELCOME, 0, 0)
    assert await refund(bank, payment.charge_id) == Refund(payment.charge_id, ANNA, 50, TOKENS, 0)
    assert bank.stars.refunds() == []


@repeated
async def test_a_payment_and_its_refund_at_once_leave_no_units(bank: Bank, repetition: int) -> None:
    anna = await bank.register(ANNA)
    payment = bank.stars.pay(ANNA, f"topup:small:{TOKENS}")
    async with bank.payments() as one, bank.payments() as other:
        await asyncio.gather(one.take(payment), other.note_refund(payment), note(bank, payment))
    assert await balance_of(bank, anna) == Balance(WELCOME, 0, 0)
    assert await state_of(bank, payment.charge_id) == PaymentState.REFUNDED


async def test_an_unclaimed_payment_is_given_back_without_any_entry(bank: Bank) -> None:
    payment = await pay(bank, 404)
    bank.stars.fault = RefundRefused(reason="x")
    with pytest.raises(RefundRefused):
        await refund(bank, payment.charge_id)
    assert await state_of(bank, payment.charge_id) == PaymentState.UNCLAIMED

    assert (await refund(bank, payment.charge_id)).shortfall == 0

    stranger = await bank.register(404)
    async with bank.payments() as payments:
        assert not (await payments.take(payment)).is_new
    assert (await balance_of(bank, stranger)).balance == WELCOME


async def test_the_units_of_who_has_left_count_as_spent(bank: Bank) -> None:
    anna = await bank.register(ANNA)
    payment = await pay(bank)
    await bank.delete(anna)
    with pytest.raises(RefundSpent):
        await refund(bank, payment.charge_id)
    assert (await refund(bank, payment.charge_id, force=True)).shortfall == TOKENS


async def test_a_refund_while_the_payer_leaves_blocks_nobody(bank: Bank) -> None:
    for number in range(5):
        person = await bank.register(8000 + number)
        payment = await pay(bank, 8000 + number)
        done, _ = await asyncio.gather(
            refund(bank, payment.charge_id, force=True), bank.delete(person)
        )
        assert done.shortfall in (0, TOKENS)


async def test_only_an_admin_refunds_and_only_what_was_paid(bank: Bank) -> None:
    anna = await bank.register(ANNA)
    payment = await pay(bank)
    async with bank.payments() as payments:
        with pytest.raises(Forbidden):
            await payments.refund(anna, payment.charge_id)
        with pytest.raises(PaymentNotFound):
            await payments.refund(SYSTEM, "no such charge")
