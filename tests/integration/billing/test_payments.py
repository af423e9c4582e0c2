"""Packages, invoices, and payments credited exactly once."""

import asyncio
from dataclasses import replace

import pytest
import structlog

from okno.accounts.errors import UserNotFound
from okno.billing.dto import Balance, Credit, EntryKind, PaymentState, StarPayment
from okno.billing.errors import InvoiceOutdated, TelegramNeeded
from okno.billing.service.metrics import STARS
from okno.kit.actor import SYSTEM, Forbidden
from tests.support.bank import WELCOME, Bank
from tests.support.identities import web_account
from tests.support.metrics import value_of

ANNA = 7001


async def payload_of(bank: Bank, package_id: str = "small") -> str:
    """Make out an invoice of a package, for whoever pays."""
    maker = await bank.register(7999)
    async with bank.payments() as payments:
        return (await payments.invoice(maker, package_id)).payload


async def take(bank: Bank, payment: StarPayment) -> Credit:
    async with bank.payments() as payments:
        return await payments.take(payment)


async def test_an_invoice_is_what_telegram_wants(bank: Bank) -> None:
    anna = await bank.register()
    async with bank.payments() as payments:
        for package in payments.packages():
            invoice = await payments.invoice(anna, package.id)
            assert (invoice.stars, invoice.tokens) == (package.stars, package.tokens)
            assert 1 <= len(invoice.payload.encode()) <= 128
        with pytest.raises(InvoiceOutdated):
            await payments.invoice(anna, "gone")
        with pytest.raises(Forbidden):
            await payments.invoice(SYSTEM, "small")


async def test_a_payment_is_agreed_to_only_as_the_package_is_sold(bank: Bank) -> None:
    await bank.register(ANNA)
    payload = await payload_of(bank)
    async with bank.payments() as payments:
        await payments.check(ANNA, payload, "XTR", 50)
        for wrong in (
            (ANNA, payload, "XTR", 49),
            (ANNA, payload, "EUR", 50),
            (ANNA, payload + "0", "XTR", 50),
            (ANNA, "topup:gone:50000", "XTR", 50),
            (ANNA, "somebody else's", "XTR", 50),
        ):
            with pytest.raises(InvoiceOutdated):
                await payments.check(*wrong)
        with pytest.raises(UserNotFound):
            await payments.check(404, payload, "XTR", 50)


async def test_a_payment_that_the_ledger_refuses_is_not_noted_as_paid(bank: Bank) -> None:
    """Its key is in the ledger already, which no path of the program leads to."""
    anna, boris = await bank.register(ANNA), await bank.register(7002)
    payment = bank.stars.pay(ANNA, await payload_of(bank))
    await bank.book(boris, 5, f"topup:{payment.charge_id}")

    with pytest.raises(RuntimeError, match=payment.charge_id):
        await take(bank, payment)

    async with bank.billing() as billing:
        assert await billing.balance(anna) == Balance(WELCOME, 0, 0)
    assert await bank.scalar("SELECT count(*) FROM payments") == 0


async def test_stars_are_paid_by_an_account_in_telegram(bank: Bank) -> None:
    anna = await web_account(bank)
    async with bank.payments() as payments:
        with pytest.raises(TelegramNeeded):
            await payments.invoice(anna, "small")


async def test_a_payment_is_credited_with_what_its_invoice_promised(bank: Bank) -> None:
    anna = await bank.register(ANNA)
    payment = bank.stars.pay(ANNA, await payload_of(bank))
    before = value_of(STARS.labels("taken"))

    credit = await take(bank, payment)

    assert credit == Credit("charge-1", anna.user_id, 50_000, PaymentState.PAID, is_new=True)
    async with bank.billing() as billing:
        assert await billing.balance(anna) == Balance(WELCOME + 50_000, 0, 0)
        entry = (await billing.statement(anna, 0, 1)).items[0]
        counters = await billing.counters(SYSTEM)
    assert (entry.kind, entry.amount, entry.note) == (EntryKind.TOPUP, 50_000, "small")
    assert (counters.stars_paid, counters.stars_refunded) == (50, 0)
    assert value_of(STARS.labels("taken")) == before + 50


async def test_a_promise_holds_when_the_package_has_changed_since(bank: Bank) -> None:
    anna = await bank.register(ANNA)
    await take(bank, bank.stars.pay(ANNA, "topup:gone:777"))
    async with bank.billing() as billing:
        assert (await billing.balance(anna)).balance == WELCOME + 777


async def test_whoever_pays_an_invoice_is_credited(bank: Bank) -> None:
    anna, boris = await bank.register(ANNA), await bank.register(7002)
    async with bank.payments() as payments:
        invoice = await payments.invoice(anna, "small")
    await take(bank, bank.stars.pay(7002, invoice.payload))
    async with bank.billing() as billing:
        assert (await billing.balance(anna)).balance == WELCOME
        assert (await billing.balance(boris)).balance == WELCOME + 50_000


async def test_an_invoice_paid_twice_is_two_payments(bank: Bank) -> None:
    anna = await bank.register(ANNA)
    payload = await payload_of(bank)
    for _ in range(2):
        await take(bank, bank.stars.pay(ANNA, payload))
    async with bank.billing() as billing:
        assert (await billing.balance(anna)).balance == WELCOME + 100_000


async def test_twenty_duplicates_at_once_are_credited_once(bank: Bank) -> None:
    anna = await bank.register(ANNA)
    payment = bank.stars.pay(ANNA, await payload_of(bank))

    credits_ = await asyncio.gather(*(take(bank, payment) for _ in range(20)))
    late = await take(bank, payment)

    assert sum(credit.is_new for credit in credits_) == 1
    assert {credit.state for credit in (*credits_, late)} == {PaymentState.PAID}
    assert not late.is_new
    async with bank.billing() as billing:
        assert (await billing.balance(anna)).balance == WELCOME + 50_000


async def test_many_payments_of_many_people_at_once_are_all_credited(bank: Bank) -> None:
    people = [await bank.register(8000 + number) for number in range(8)]
    payload = await payload_of(bank)
    payments = [bank.stars.pay(8000 + number, payload) for number in range(8) for _ in range(3)]

    await asyncio.gather(*(take(bank, payment) for payment in payments * 2))

    for person in people:
        async with bank.billing() as billing:
            assert (await billing.balance(person)).balance == WELCOME + 150_000


async def test_an_unknown_payer_is_no_error(bank: Bank) -> None:
    payment = bank.stars.pay(404, await payload_of(bank))
    with structlog.testing.capture_logs() as logs:
        credit = await take(bank, payment)
        await take(bank, payment)
    assert credit == Credit("charge-1", None, 50_000, PaymentState.UNCLAIMED, is_new=False)
    assert [line["event"] for line in logs] == ["payment unclaimed"]


async def test_a_stranger_who_registers_is_credited_by_a_repeat(bank: Bank) -> None:
    payment = bank.stars.pay(ANNA, await payload_of(bank))
    await take(bank, payment)
    anna = await bank.register(ANNA)

    assert (await take(bank, payment)).is_new
    assert not (await take(bank, payment)).is_new

    async with bank.billing() as billing:
        assert (await billing.balance(anna)).balance == WELCOME + 50_000


async def test_a_payment_for_something_else_is_kept_and_credits_nothing(bank: Bank) -> None:
    anna = await bank.register(ANNA)
    payment = bank.stars.pay(ANNA, "something else entirely" * 20, stars=7)

    credit = await take(bank, payment)

    assert (credit.state, credit.tokens) == (PaymentState.UNCLAIMED, 0)
    async with bank.billing() as billing:
        assert (await billing.balance(anna)).balance == WELCOME


async def test_a_payment_outlives_its_user_and_is_not_credited_again(bank: Bank) -> None:
    anna = await bank.register(ANNA)
    payment = bank.stars.pay(ANNA, await payload_of(bank))
    await take(bank, payment)
    await bank.delete(anna)
    assert await bank.scalar("SELECT count(*) FROM payments WHERE user_id IS NULL") == 1

    again = await bank.register(ANNA)

    assert not (await take(bank, payment)).is_new
    async with bank.billing() as billing:
        assert await billing.balance(again) == Balance(0, 0, 0)


async def test_a_payment_while_the_payer_leaves_is_either_credited_or_unclaimed(
    bank: Bank,
) -> None:
    payload = await payload_of(bank)
    for number in range(5):
        person = await bank.register(8000 + number)
        payment = bank.stars.pay(8000 + number, payload)
        credit, _ = await asyncio.gather(take(bank, payment), bank.delete(person))
        assert credit.state in (PaymentState.PAID, PaymentState.UNCLAIMED)
    assert await bank.scalar("SELECT count(*) FROM payments WHERE user_id IS NOT NULL") == 0


async def test_the_log_tells_ids_and_amounts_and_no_names(bank: Bank) -> None:
    anna = await bank.register(ANNA)
    payment = replace(bank.stars.pay(ANNA, await payload_of(bank)), charge_id="charge-x")
    with structlog.testing.capture_logs() as logs:
        await take(bank, payment)
    (line,) = [entry for entry in logs if entry["event"] == "payment credited"]
    assert (line["charge"], line["stars"], line["tokens"]) == ("charge-x", 50, 50_000)
    assert line["user_id"] == anna.user_id
    assert "Anna" not in str(logs)
    assert str(ANNA) not in str(logs)
