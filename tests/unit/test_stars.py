"""Telegram's list of Star transactions, read as billing needs it."""

from typing import Any

import pytest
from aiogram import Bot

from okno.billing.dto import TransactionKind
from okno.billing.errors import RefundRefused, StarsUnavailable
from sandbox.telegram import Emulator, EmulatorSession, Fault, FaultKind
from tgbot.delivery import TelegramStars

ANNA = {"id": 7001, "is_bot": False, "first_name": "Anna"}
NOON = 1_795_262_400


@pytest.fixture
def emulator() -> Emulator:
    return Emulator()


@pytest.fixture
def stars(emulator: Emulator) -> TelegramStars:
    return TelegramStars(Bot("1:demo", session=EmulatorSession(emulator)))


def partner(kind: str, **fields: Any) -> dict[str, Any]:
    return {"type": "user", "transaction_type": kind, "user": ANNA, **fields}


@pytest.mark.parametrize(
    ("side", "other", "kind"),
    [
        ("source", partner("invoice_payment", invoice_payload="small"), TransactionKind.PAYMENT),
        ("receiver", partner("invoice_payment", invoice_payload="small"), TransactionKind.REFUND),
        ("source", partner("paid_media_payment"), TransactionKind.OTHER),
        ("receiver", partner("gift_purchase"), TransactionKind.OTHER),
        ("receiver", {"type": "fragment"}, TransactionKind.OTHER),
        ("receiver", {"type": "telegram_ads"}, TransactionKind.OTHER),
        ("source", {"type": "other"}, TransactionKind.OTHER),
    ],
)
async def test_only_what_was_paid_for_invoices_is_a_payment(
    emulator: Emulator,
    stars: TelegramStars,
    monkeypatch: pytest.MonkeyPatch,
    side: str,
    other: dict[str, Any],
    kind: TransactionKind,
) -> None:
    listed = [{"id": "stx1", "amount": 50, "date": NOON, side: other}]
    monkeypatch.setattr(emulator.world.stars, "transactions", lambda _offset, _limit: listed)

    [found] = await stars.transactions(0, 100)

    assert (found.id, found.kind) == ("stx1", kind)
    if kind is TransactionKind.OTHER:
        assert found.payment is None
    else:
        assert found.payment is not None
        assert found.payment.at.timestamp() == NOON
        assert (found.payment.telegram_id, found.payment.stars) == (7001, 50)
        assert (found.payment.charge_id, found.payment.payload) == ("stx1", "small")


async def test_a_refund_that_was_made_before_is_done(
    emulator: Emulator, stars: TelegramStars
) -> None:
    user = emulator.create_user("Anna")
    terms = {"title": "x", "description": "x", "payload": "x", "currency": "XTR"}
    fields = {"chat_id": user.id, **terms, "prices": [{"label": "x", "amount": 50}]}
    _, sent = emulator.call("sendInvoice", fields)
    query_id = emulator.pay(user.id, sent["result"]["message_id"])
    emulator.call("answerPreCheckoutQuery", {"pre_checkout_query_id": query_id, "ok": True})
    [payment] = await stars.transactions(0, 100)

    await stars.refund(user.id, payment.id)
    await stars.refund(user.id, payment.id)

    assert emulator.stars(user.id) == 1000
    kinds = [transaction.kind for transaction in await stars.transactions(0, 100)]
    assert kinds == [TransactionKind.PAYMENT, TransactionKind.REFUND]


async def test_a_refund_that_will_never_be_made_is_refused(stars: TelegramStars) -> None:
    with pytest.raises(RefundRefused) as caught:
        await stars.refund(7001, "stx1")
    assert caught.value.values == {"reason": "Bad Request: CHARGE_NOT_FOUND"}


@pytest.mark.parametrize(
    "trouble",
    [
        {"kind": FaultKind.ERROR, "code": 500},
        {"kind": FaultKind.ERROR, "code": 429, "retry_after": 30},
        {"kind": FaultKind.NOT_JSON},
        {"kind": FaultKind.DROP},
        {"kind": FaultKind.LOST_REPLY},
    ],
)
async def test_while_telegram_does_not_answer_everything_is_open(
    emulator: Emulator, stars: TelegramStars, trouble: dict[str, Any]
) -> None:
    for method in ("refundStarPayment", "getStarTransactions"):
        emulator.add_fault(Fault(method, **trouble))

    with pytest.raises(StarsUnavailable):
        await stars.refund(7001, "stx1")
    with pytest.raises(StarsUnavailable):
        await stars.transactions(0, 100)


async def test_a_line_that_can_not_be_read_does_not_hide_the_others(
    emulator: Emulator, stars: TelegramStars, monkeypatch: pytest.MonkeyPatch
) -> None:
    paid = partner("invoice_payment", invoice_payload="small")
    listed = [
        {"id": "stx1", "amount": 50, "date": NOON, "source": {"type": "invented tomorrow"}},
        {"id": "stx2", "amount": 50, "date": NOON, "source": paid},
    ]
    monkeypatch.setattr(emulator.world.stars, "transactions", lambda _offset, _limit: listed)

    found = await stars.transactions(0, 100)

    assert [(line.id, line.kind) for line in found] == [
        ("stx1", TransactionKind.OTHER),
        ("stx2", TransactionKind.PAYMENT),
    ]
