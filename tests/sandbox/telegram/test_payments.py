"""Invoices, checkouts, refunds and the bot's account of Stars."""

from collections.abc import Callable
from typing import Any

import pytest
from aiogram import Bot
from aiogram.types import LabeledPrice, StarAmount, StarTransactions, Update
from aiohttp import ClientSession

from sandbox.telegram import Emulator, PaymentResult, SimError
from sandbox.telegram.core.people import User
from tests.sandbox.telegram.clock import FakeClock

Call = Callable[..., Any]

TERMS = {
    "title": "50,000 units",
    "description": "For your questions",
    "payload": "small:50000",
    "currency": "XTR",
    "prices": [{"label": "Units", "amount": 50}],
}
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@pytest.fixture
def invoice_id(result: Call, anna: User) -> int:
    message = result("sendInvoice", chat_id=anna.id, **TERMS)
    return int(message["message_id"])


@pytest.fixture
def paid(emulator: Emulator, result: Call, anna: User) -> Callable[[int], Any]:
    """Pays an invoice; returns the payment as the bot learns of it."""

    def pay(message_id: int) -> Any:
        query_id = emulator.pay(anna.id, message_id)
        result("answerPreCheckoutQuery", pre_checkout_query_id=query_id, ok=True)
        return emulator.take_updates()[-1]["message"]["successful_payment"]

    return pay


def test_an_invoice_is_a_message_with_a_button_that_pays(
    emulator: Emulator, expect_official: Call, result: Call, anna: User
) -> None:
    message = result("sendInvoice", chat_id=anna.id, **TERMS)
    assert message["invoice"] == {
        "title": "50,000 units",
        "description": "For your questions",
        "start_parameter": "",
        "currency": "XTR",
        "total_amount": 50,
    }
    expect_official(Update, {"update_id": 1, "message": message})
    [shown] = emulator.transcript(anna.id)["messages"]
    assert shown["invoice"]["stars"] == 50
    assert [(button["text"], button["kind"]) for [button] in shown["keyboard"]] == [
        ("Pay ⭐️50", "pay")
    ]
    assert "small:50000" not in str(shown)


def test_a_payment_from_the_button_to_the_receipt(
    emulator: Emulator, expect_official: Call, result: Call, anna: User, invoice_id: int
) -> None:
    query_id = emulator.pay(anna.id, invoice_id)
    [asked] = emulator.take_updates()
    expect_official(Update, asked)
    query = asked["pre_checkout_query"]
    assert (query["id"], query["from"]["id"]) == (query_id, anna.id)
    assert (query["currency"], query["total_amount"]) == ("XTR", 50)
    assert query["invoice_payload"] == "small:50000"
    assert emulator.payment(query_id) is None
    assert emulator.stars(anna.id) == 1000

    result("answerPreCheckoutQuery", pre_checkout_query_id=query_id, ok=True)
    [told] = emulator.take_updates()
    expect_official(Update, told)
    payment = told["message"]["successful_payment"]
    assert payment["total_amount"] == 50
    assert payment["invoice_payload"] == "small:50000"
    assert emulator.payment(query_id) == PaymentResult(told["message"]["message_id"])
    assert emulator.stars(anna.id) == 950
    invoice, receipt = emulator.transcript(anna.id)["messages"]
    assert invoice["invoice"]["receipt_id"] == receipt["id"]
    assert receipt["author"] == "service"
    assert receipt["payment"] == {
        "kind": "paid",
        "stars": 50,
        "charge_id": payment["telegram_payment_charge_id"],
    }


def test_a_bot_that_refuses_says_why(
    emulator: Emulator, result: Call, refused: Call, anna: User, invoice_id: int
) -> None:
    query_id = emulator.pay(anna.id, invoice_id)
    answer = {"pre_checkout_query_id": query_id, "ok": False}
    assert refused("answerPreCheckoutQuery", **answer) == 'parameter "error_message" is required'
    result("answerPreCheckoutQuery", **answer, error_message="Sold out")
    assert emulator.payment(query_id) == PaymentResult(error="Sold out")
    assert emulator.stars(anna.id) == 1000
    assert [kind for update in emulator.take_updates() for kind in update][1:] == [
        "pre_checkout_query"
    ]
    assert emulator.transcript(anna.id)["messages"][0]["invoice"]["receipt_id"] is None


def test_a_bot_has_ten_seconds(
    emulator: Emulator, clock: FakeClock, refused: Call, anna: User, invoice_id: int
) -> None:
    query_id = emulator.pay(anna.id, invoice_id)
    clock.advance(9.9)
    assert emulator.payment(query_id) is None
    clock.advance(0.1)
    assert emulator.payment(query_id) == PaymentResult(error="BOT_PRECHECKOUT_TIMEOUT")
    late = refused("answerPreCheckoutQuery", pre_checkout_query_id=query_id, ok=True)
    assert late == TOO_OLD
    assert emulator.stars(anna.id) == 1000


def test_only_what_waits_can_be_answered_and_only_once(
    emulator: Emulator, result: Call, refused: Call, anna: User, invoice_id: int
) -> None:
    assert refused("answerPreCheckoutQuery", pre_checkout_query_id="7", ok=True) == TOO_OLD
    query_id = emulator.pay(anna.id, invoice_id)
    result("answerPreCheckoutQuery", pre_checkout_query_id=query_id, ok=True)
    again = refused("answerPreCheckoutQuery", pre_checkout_query_id=query_id, ok=True)
    assert again == TOO_OLD
    assert emulator.stars(anna.id) == 950


def test_an_invoice_in_a_private_chat_is_paid_once(
    emulator: Emulator, result: Call, anna: User, invoice_id: int
) -> None:
    first, second = (emulator.pay(anna.id, invoice_id) for _ in range(2))
    for query_id in (first, second):
        result("answerPreCheckoutQuery", pre_checkout_query_id=query_id, ok=True)
    assert emulator.payment(second) == PaymentResult(error="INVOICE_ALREADY_PAID")
    assert emulator.stars(anna.id) == 950
    with pytest.raises(SimError, match="paid already"):
        emulator.pay(anna.id, invoice_id)


def test_nobody_pays_with_stars_that_they_have_not(
    emulator: Emulator, result: Call, anna: User, invoice_id: int
) -> None:
    query_id = emulator.pay(anna.id, invoice_id)
    emulator.give_stars(anna.id, -951)
    result("answerPreCheckoutQuery", pre_checkout_query_id=query_id, ok=True)
    assert emulator.payment(query_id) == PaymentResult(error="BALANCE_TOO_LOW")
    with pytest.raises(SimError, match="costs 50 Stars, and the user has 49"):
        emulator.pay(anna.id, invoice_id)
    assert emulator.stars(anna.id) == 49


def test_there_must_be_an_invoice_to_pay(emulator: Emulator, result: Call, anna: User) -> None:
    result("sendMessage", chat_id=anna.id, text="Hello")
    for message_id in (1, 2):
        with pytest.raises(SimError, match="there is no invoice"):
            emulator.pay(anna.id, message_id)
    with pytest.raises(SimError, match="no invoice behind the link"):
        emulator.pay_link(anna.id, "https://t.me/$nothing")


def test_an_invoice_behind_a_link_is_paid_by_whoever_opens_it(
    emulator: Emulator, result: Call, anna: User
) -> None:
    boris = emulator.create_user("Boris")
    link = result("createInvoiceLink", **TERMS)
    assert link.startswith("https://t.me/$")
    for user in (anna, boris):
        query_id = emulator.pay_link(user.id, link)
        result("answerPreCheckoutQuery", pre_checkout_query_id=query_id, ok=True)
        assert emulator.take_updates()[-1]["message"]["chat"]["id"] == user.id
        assert emulator.stars(user.id) == 950


def test_a_forwarded_invoice_is_paid_by_whoever_received_it(
    emulator: Emulator, result: Call, anna: User, invoice_id: int
) -> None:
    boris = emulator.create_user("Boris")
    there = {"chat_id": boris.id, "from_chat_id": anna.id}
    copy = result("forwardMessage", **there, message_id=invoice_id)
    query_id = emulator.pay(boris.id, copy["message_id"])
    result("answerPreCheckoutQuery", pre_checkout_query_id=query_id, ok=True)
    assert (emulator.stars(anna.id), emulator.stars(boris.id)) == (1000, 950)
    assert emulator.transcript(anna.id)["messages"][0]["invoice"]["receipt_id"] is None


def test_with_a_start_parameter_the_forwarded_copy_leads_to_the_bot(
    emulator: Emulator, result: Call, refused: Call, anna: User
) -> None:
    boris = emulator.create_user("Boris")
    sent = result("sendInvoice", chat_id=anna.id, start_parameter="shop", **TERMS)
    there = {"chat_id": boris.id, "from_chat_id": anna.id, "message_id": sent["message_id"]}
    copy = result("forwardMessage", **there)
    [[button]] = copy["reply_markup"]["inline_keyboard"]
    assert button["url"] == "https://t.me/okno_demo_bot?start=shop"
    with pytest.raises(SimError, match="can't be paid"):
        emulator.pay(boris.id, copy["message_id"])
    assert refused("copyMessage", **there) == "message can't be copied"


def test_in_a_group_an_invoice_can_be_paid_by_many(
    emulator: Emulator, result: Call, anna: User
) -> None:
    boris = emulator.create_user("Boris")
    group = emulator.create_group("Team", [anna.id, boris.id])
    sent = result("sendInvoice", chat_id=group.id, **TERMS)
    for user in (anna, boris):
        query_id = emulator.pay(group.id, sent["message_id"], user.id)
        result("answerPreCheckoutQuery", pre_checkout_query_id=query_id, ok=True)
        assert emulator.stars(user.id) == 950


def test_a_refund_gives_the_stars_back_and_says_so(
    emulator: Emulator,
    expect_official: Call,
    result: Call,
    refused: Call,
    anna: User,
    invoice_id: int,
    paid: Call,
) -> None:
    charge = {"telegram_payment_charge_id": paid(invoice_id)["telegram_payment_charge_id"]}
    assert result("refundStarPayment", user_id=anna.id, **charge) is True
    [update] = emulator.take_updates()
    expect_official(Update, update)
    assert update["message"]["refunded_payment"]["total_amount"] == 50
    assert emulator.stars(anna.id) == 1000
    assert emulator.transcript(anna.id)["messages"][-1]["payment"]["kind"] == "refunded"
    again = refused("refundStarPayment", user_id=anna.id, **charge)
    assert again == "CHARGE_ALREADY_REFUNDED"
    assert emulator.stars(anna.id) == 1000


def test_a_refund_needs_the_charge_of_this_user(
    emulator: Emulator, refused: Call, anna: User, invoice_id: int, paid: Call
) -> None:
    charge_id = paid(invoice_id)["telegram_payment_charge_id"]
    boris = emulator.create_user("Boris")
    for user_id, wrong in ((boris.id, charge_id), (anna.id, "stx0")):
        fields = {"user_id": user_id, "telegram_payment_charge_id": wrong}
        assert refused("refundStarPayment", **fields) == "CHARGE_NOT_FOUND"
    assert emulator.stars(anna.id) == 950


def test_the_account_of_stars_lists_payments_and_refunds_oldest_first(
    clock: FakeClock, expect_official: Call, result: Call, anna: User, paid: Call
) -> None:
    charges = []
    for _ in range(3):
        message = result("sendInvoice", chat_id=anna.id, **TERMS)
        charges.append(paid(message["message_id"])["telegram_payment_charge_id"])
        clock.advance(60)
    refund = {"user_id": anna.id, "telegram_payment_charge_id": charges[0]}
    result("refundStarPayment", **refund)
    answer = result("getStarTransactions")
    expect_official(StarTransactions, answer)
    transactions = answer["transactions"]
    assert [item["id"] for item in transactions] == [*charges, charges[0]]
    assert [item["date"] - transactions[0]["date"] for item in transactions] == [0, 60, 120, 180]
    assert transactions[0]["source"]["user"]["id"] == anna.id
    assert transactions[0]["source"]["invoice_payload"] == "small:50000"
    assert transactions[3]["receiver"]["user"]["id"] == anna.id
    assert result("getStarTransactions", offset=1, limit=2)["transactions"] == transactions[1:3]
    assert result("getStarTransactions", offset=9)["transactions"] == []
    balance = result("getMyStarBalance")
    expect_official(StarAmount, balance)
    assert balance["amount"] == 100


def test_at_most_a_hundred_transactions_come_at_once(
    emulator: Emulator, result: Call, anna: User, paid: Call
) -> None:
    emulator.give_stars(anna.id, 9000)
    for _ in range(101):
        paid(result("sendInvoice", chat_id=anna.id, **TERMS)["message_id"])
    assert len(result("getStarTransactions", limit=500)["transactions"]) == 100
    assert len(result("getStarTransactions", limit=0)["transactions"]) == 1
    assert len(result("getStarTransactions", offset=100)["transactions"]) == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": ""}, 'parameter "title" is required'),
        ({"title": "x" * 33}, "MEDIA_INVALID"),
        ({"description": ""}, 'parameter "description" is required'),
        ({"description": "x" * 256}, "MEDIA_INVALID"),
        ({"payload": ""}, 'parameter "payload" is required'),
        ({"payload": "я" * 65}, "INVOICE_PAYLOAD_INVALID"),
        ({"currency": "XTS"}, "PAYMENT_PROVIDER_INVALID"),
        ({"provider_token": "1:secret"}, "STARS_INVOICE_INVALID"),
        ({"max_tip_amount": 5}, "STARS_INVOICE_INVALID"),
        ({"prices": TERMS["prices"] * 2}, "STARS_INVOICE_INVALID"),  # type: ignore[operator]  # a list
        ({"prices": []}, "total price must be positive"),
        ({"prices": [{"label": "x", "amount": 0}]}, "total price must be positive"),
        ({"prices": [{"label": "x", "amount": 10**13}]}, "too big amount of the currency"),
        ({"prices": "{"}, "can't parse prices JSON object"),
    ],
)
def test_what_can_not_be_an_invoice(
    refused: Call, anna: User, change: dict[str, Any], words: str
) -> None:
    assert words in refused("sendInvoice", chat_id=anna.id, **TERMS | change)
    assert words in refused("createInvoiceLink", **TERMS | change)


def test_the_limits_themselves_are_allowed(result: Call, anna: User) -> None:
    fields = {"title": "x" * 32, "description": "x" * 255, "payload": "я" * 64}
    sent = result("sendInvoice", chat_id=anna.id, **TERMS | fields, provider_token="")
    assert sent["invoice"]["title"] == "x" * 32


def test_the_button_that_pays_comes_first(result: Call, refused: Call, anna: User) -> None:
    pay, later = {"text": "Buy", "pay": True}, {"text": "Later", "callback_data": "later"}
    send = {"chat_id": anna.id, **TERMS}
    sent = result("sendInvoice", **send, reply_markup={"inline_keyboard": [[pay], [later]]})
    assert sent["reply_markup"]["inline_keyboard"][0][0]["text"] == "Buy"
    wrong = {"inline_keyboard": [[later], [pay]]}
    assert refused("sendInvoice", **send, reply_markup=wrong) == "BUTTON_POS_INVALID"


def test_a_reset_forgets_what_was_paid(
    emulator: Emulator, result: Call, invoice_id: int, paid: Call
) -> None:
    paid(invoice_id)
    emulator.reset()
    assert result("getMyStarBalance")["amount"] == 0
    assert emulator.stars(emulator.create_user("Boris").id) == 1000


async def test_aiogram_understands_all_of_it(emulator: Emulator, bot: Bot, anna: User) -> None:
    terms = TERMS | {"prices": [LabeledPrice(label="Units", amount=50)], "provider_token": ""}
    sent = await bot.send_invoice(anna.id, **terms)  # type: ignore[arg-type]  # fields by name
    assert sent.invoice is not None
    query_id = emulator.pay(anna.id, sent.message_id)
    assert await bot.answer_pre_checkout_query(query_id, ok=True)
    [transaction] = (await bot.get_star_transactions()).transactions
    assert (transaction.amount, transaction.source is None) == (50, False)
    assert await bot.refund_star_payment(anna.id, transaction.id)
    assert (await bot.get_my_star_balance()).amount == 0


async def test_over_http_a_payment_waits_for_the_bot(
    emulator: Emulator, result: Call, http: ClientSession, anna: User, invoice_id: int
) -> None:
    url, body = f"/sim/chats/{anna.id}/payments", {"message_id": invoice_id}
    changes: list[Any] = []

    def agree(change: Any) -> None:
        changes.append(change)
        if change.kind == "update_queued":
            for update in emulator.take_updates():
                if query := update.get("pre_checkout_query"):
                    answer = {"pre_checkout_query_id": query["id"], "ok": True}
                    result("answerPreCheckoutQuery", **answer)

    emulator.hub.subscribe(agree)
    async with http.post(url, json=body) as response:
        outcome = await response.json()
    assert response.status == 200
    assert (outcome["receipt_id"], outcome["error"]) == (2, None)
    async with http.get(f"/sim/chats/{anna.id}") as response:
        assert (await response.json())["stars"] == 950
    assert {"stars": 950} in [change.data for change in changes if change.kind == "stars"]


async def test_over_http_a_silent_bot_is_not_waited_for_for_ever(
    emulator: Emulator, refused: Call, http: ClientSession, anna: User, invoice_id: int
) -> None:
    emulator.world.checkouts.lifetime = 0.05
    url, body = f"/sim/chats/{anna.id}/payments", {"message_id": invoice_id}
    async with http.post(url, json=body) as response:
        outcome = await response.json()
    assert outcome["error"] == "BOT_PRECHECKOUT_TIMEOUT"
    late = {"pre_checkout_query_id": outcome["pre_checkout_query_id"], "ok": True}
    assert refused("answerPreCheckoutQuery", **late) == TOO_OLD


@pytest.mark.parametrize("body", [{}, {"message_id": 1, "link": "https://t.me/$x"}])
async def test_over_http_the_invoice_is_named_in_one_way(
    http: ClientSession, anna: User, body: dict[str, Any]
) -> None:
    async with http.post(f"/sim/chats/{anna.id}/payments", json=body) as response:
        assert response.status == 400
        assert "name the invoice" in (await response.json())["detail"]
