"""Paying with Stars: what is checked, credited, refunded and told."""

import asyncio
from typing import Any

import pytest
from aiogram.fsm.storage.base import StorageKey
from sqlalchemy import text

from okno.billing.catalogue import PackageCatalogue
from okno.billing.dto import Reconciliation
from okno.billing.service import PaymentsService
from okno.kit.actor import SYSTEM
from okno.kit.db import Engine
from sandbox.telegram import PaymentResult
from tests.support.person import Person
from tests.support.stage import Stage
from tests.support.wait import until
from tgbot.middlewares import checkout

BALANCE = "SELECT balance FROM balances"
Update = dict[str, Any]


async def at_the_invoice(stage: Stage, language: str = "en") -> Person:
    """A user who has the invoice for 50,000 units open."""
    person = stage.person("Анна" if language == "ru" else "Anna", language)
    await person.register("Русский ✓" if language == "ru" else "English ✓")
    await person.say("/balance")
    await person.press(person.labels[0])
    await person.press(person.labels[0])
    return person


async def agreed(stage: Stage, person: Person) -> list[Update]:
    """Pay, and let the bot agree; what it would be told of the payment is returned instead."""
    query = stage.emulator.pay(person.id, person.invoice["id"])
    await stage.deliver(*stage.emulator.take_updates())
    result = stage.emulator.payment(query)
    assert result is not None
    assert result.error is None
    return stage.emulator.take_updates()


def told_again(update: Update) -> Update:
    """Deliver the same payment under another update id."""
    return {**update, "update_id": update["update_id"] + 1000}


def charge_id(update: Update) -> str:
    found: str = update["message"]["successful_payment"]["telegram_payment_charge_id"]
    return found


async def reconcile(stage: Stage) -> Reconciliation:
    return await (await stage.container.get(PaymentsService)).reconcile(SYSTEM)


@pytest.mark.parametrize(
    ("language", "thanks", "window"),
    [
        ("en", "Thank you! Your balance has grown by 50,000 units.", "Balance"),
        ("ru", "Спасибо! Ваш баланс пополнен: 50\N{NO-BREAK SPACE}000 единиц.", "Баланс"),
    ],
)
async def test_a_payment_is_credited_and_told(
    stage: Stage, language: str, thanks: str, window: str
) -> None:
    anna = await at_the_invoice(stage, language)

    result = await anna.pay()

    assert result == PaymentResult(receipt_id=anna.messages[-3]["id"])
    assert anna.messages[-2]["text"] == thanks
    assert anna.window["text"].startswith(window)
    assert await stage.scalar(BALANCE) == 70_000
    assert stage.emulator.stars(anna.id) == 950


@pytest.mark.parametrize(
    ("language", "words"), [("en", "This offer is out of date"), ("ru", "Это предложение устарело")]
)
async def test_what_is_sold_no_more_is_refused_before_anything_is_paid(
    stage: Stage, language: str, words: str
) -> None:
    anna = await at_the_invoice(stage, language)
    catalogue = await stage.container.get(PackageCatalogue)
    catalogue.packages = catalogue.packages[1:]
    stage.is_changed = True

    result = await anna.pay()

    assert result is not None
    assert words in (result.error or "")
    assert stage.emulator.stars(anna.id) == 1000
    assert await stage.scalar(BALANCE) == 20_000


async def test_an_invoice_with_a_payload_of_another_program_is_refused(stage: Stage) -> None:
    anna = await at_the_invoice(stage)
    fields = {"title": "x", "description": "x", "payload": "shoes", "currency": "XTR"}
    price = {"prices": [{"label": "x", "amount": 50}]}
    stage.emulator.call("sendInvoice", {"chat_id": anna.id, **fields, **price})

    result = await anna.pay()

    assert result is not None
    assert "This offer is out of date" in (result.error or "")


@pytest.mark.parametrize(
    ("language", "words"), [("en", "There is no such user"), ("ru", "Такого пользователя")]
)
async def test_whoever_is_not_known_is_asked_to_begin(
    stage: Stage, language: str, words: str
) -> None:
    anna = await at_the_invoice(stage)
    stranger = stage.person("Boris", language)
    copy = forward(stage, anna, stranger)
    query = stage.emulator.pay(stranger.id, copy)

    await stage.settle()

    result = stage.emulator.payment(query)
    assert result is not None
    assert words in (result.error or "")
    assert stage.emulator.stars(stranger.id) == 1000
    assert await stage.scalar("SELECT count(*) FROM users") == 1
    await stranger.register("Русский ✓" if language == "ru" else "English ✓")
    assert stranger.window["text"].startswith(("Welcome", "Добро пожаловать"))


async def test_whoever_pays_is_credited(stage: Stage) -> None:
    anna = await at_the_invoice(stage)
    boris = stage.person("Boris")
    await boris.register()
    stage.emulator.pay(boris.id, forward(stage, anna, boris))

    await stage.settle()

    assert "50,000 units" in boris.messages[-2]["text"]
    assert (await boris.say("/balance"))["text"].splitlines()[2] == "On your balance: 70,000"
    assert (await anna.say("/balance"))["text"].splitlines()[2] == "On your balance: 20,000"


async def test_an_invoice_of_the_bot_is_paid_where_it_was_asked_for(stage: Stage) -> None:
    anna, boris = await at_the_invoice(stage), stage.person("Boris")
    there = {"chat_id": boris.id, "from_chat_id": anna.id, "message_id": anna.invoice["id"]}

    stage.emulator.call("forwardMessage", there)

    assert [button["kind"] for button in boris.invoice["keyboard"][0]] == ["url"]


async def test_a_payment_that_is_told_twice_is_credited_once(stage: Stage) -> None:
    anna = await at_the_invoice(stage)
    [paid] = await agreed(stage, anna)

    await stage.deliver(paid, told_again(paid), paid)

    assert await stage.scalar(BALANCE) == 70_000
    thanks = [message for message in anna.messages if "Thank you" in message["text"]]
    assert len(thanks) == 1


async def test_a_refund_that_is_told_before_its_payment_leaves_nothing_to_spend(
    stage: Stage,
) -> None:
    anna = await at_the_invoice(stage)
    [paid] = await agreed(stage, anna)
    refund = {"user_id": anna.id, "telegram_payment_charge_id": charge_id(paid)}
    stage.emulator.call("refundStarPayment", refund)
    refunded = stage.emulator.take_updates()

    await stage.deliver(*refunded)
    await stage.deliver(paid)

    assert await stage.scalar(BALANCE) == 20_000
    assert "You got ⭐ 50 back" in anna.messages[-1]["text"]
    assert await reconcile(stage) == Reconciliation(credited=0, refunded=0)


async def test_a_refund_of_telegram_itself_takes_the_units_back(stage: Stage) -> None:
    anna = await at_the_invoice(stage, "ru")
    [paid] = await agreed(stage, anna)
    await stage.deliver(paid)
    refund = {"user_id": anna.id, "telegram_payment_charge_id": charge_id(paid)}
    stage.emulator.call("refundStarPayment", refund)

    await stage.settle()

    assert await stage.scalar(BALANCE) == 20_000
    assert "Вам вернули ⭐ 50" in anna.messages[-1]["text"]


async def test_payments_and_refunds_that_nobody_told_of_are_found(stage: Stage) -> None:
    anna, boris = await at_the_invoice(stage), await at_the_invoice(stage)
    [paid] = await agreed(stage, anna)
    [other] = await agreed(stage, boris)
    refund = {"user_id": boris.id, "telegram_payment_charge_id": charge_id(other)}
    stage.emulator.call("refundStarPayment", refund)
    stage.emulator.take_updates()

    assert await reconcile(stage) == Reconciliation(credited=2, refunded=1)

    assert (await anna.say("/balance"))["text"].splitlines()[2] == "On your balance: 70,000"
    assert (await boris.say("/balance"))["text"].splitlines()[2] == "On your balance: 20,000"
    before = len(anna.messages)
    await stage.deliver(paid)
    assert len(anna.messages) == before, "what is known already is not told again"
    assert await reconcile(stage) == Reconciliation(credited=0, refunded=0)


async def test_a_payer_who_has_deleted_the_account_meanwhile_is_no_dead_end(stage: Stage) -> None:
    anna = await at_the_invoice(stage)
    [paid] = await agreed(stage, anna)
    await anna.say("/settings")
    await anna.press("🗑 Delete account")
    await anna.press("Go on")
    await anna.press("Delete for good")

    await stage.deliver(paid)

    assert "Your balance has grown by 50,000 units" in anna.messages[-1]["text"]
    await anna.register()
    assert (await anna.say("/balance"))["text"].splitlines()[2] == "On your balance: 50,000"


async def test_a_payment_in_a_group_is_told_to_its_payer_alone(stage: Stage) -> None:
    anna, stranger = await at_the_invoice(stage), stage.person("Boris")
    group = stage.emulator.create_group("Team", [anna.id, stranger.id])
    fields = {"title": "x", "description": "x", "currency": "XTR"}
    price = {"prices": [{"label": "x", "amount": 50}], "payload": await payload(stage)}
    _, sent = stage.emulator.call("sendInvoice", {"chat_id": group.id, **fields, **price})
    stage.emulator.pay(group.id, sent["result"]["message_id"], anna.id)

    await stage.settle()

    assert "50,000 units" in anna.messages[-1]["text"]
    assert await stage.scalar(BALANCE) == 70_000
    transcript = stage.emulator.transcript(group.id)["messages"]
    assert [message["author"] for message in transcript] == ["bot", "service"]


async def test_a_payment_of_nobody_waits_to_be_claimed(stage: Stage) -> None:
    anna, stranger = await at_the_invoice(stage), stage.person("Boris")
    [paid] = await agreed(stage, anna)
    group = stage.emulator.create_group("Team", [stranger.id])
    user = {"id": stranger.id, "is_bot": False, "first_name": "Boris"}
    moved = {**paid["message"], "from": user, "chat": group.wire()}

    await stage.deliver({**paid, "message": moved})

    assert "I can't tell what it is for" in stranger.messages[-1]["text"]
    assert await stage.scalar("SELECT state FROM payments") == "unclaimed"
    await stranger.register()
    assert (await reconcile(stage)).credited == 1


async def test_a_checkout_does_not_wait_for_anything_else_of_its_user(stage: Stage) -> None:
    anna = await at_the_invoice(stage)
    stage.emulator.say(anna.id, "/menu")
    query = stage.emulator.pay(anna.id, anna.invoice["id"])
    updates = stage.emulator.take_updates()
    key = StorageKey(bot_id=stage.bot.id, chat_id=anna.id, user_id=anna.id)
    async with asyncio.TaskGroup() as tasks:
        async with stage.dispatcher.fsm.events_isolation.lock(key):
            delivery = tasks.create_task(stage.deliver(*updates))

            await until(lambda: stage.emulator.payment(query) is not None, "the bot's answer")

            result = stage.emulator.payment(query)
            assert result is not None
            assert result.error is None
            assert not delivery.done(), "the menu waits for the lock of its user"
        await delivery
    await stage.settle()
    assert await stage.scalar(BALANCE) == 70_000


async def test_a_checkout_is_answered_in_time_while_the_database_hangs(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = await at_the_invoice(stage, "ru")
    monkeypatch.setattr(checkout, "CHECKOUT_SECONDS", 0.1)
    await stage.flush_redis()
    engine = await stage.container.get(Engine)
    transactional = engine.execution_options(isolation_level="READ COMMITTED")
    async with transactional.begin() as connection:
        await connection.execute(text("LOCK TABLE users IN ACCESS EXCLUSIVE MODE"))
        result = await anna.pay()

    assert result is not None
    assert "Сейчас я не могу дотянуться до своей памяти" in (result.error or "")
    assert stage.emulator.stars(anna.id) == 1000


async def test_a_checkout_that_is_told_twice_or_too_late_is_let_go(stage: Stage) -> None:
    anna = await at_the_invoice(stage)
    query = stage.emulator.pay(anna.id, anna.invoice["id"])
    asked = stage.emulator.take_updates()
    stage.expect_refusals(400)

    await stage.deliver(*asked)
    await stage.deliver(*asked)

    result = stage.emulator.payment(query)
    assert result is not None
    assert result.error is None
    await stage.settle()
    assert await stage.scalar(BALANCE) == 70_000


async def test_a_user_who_has_blocked_the_bot_is_credited_all_the_same(stage: Stage) -> None:
    anna = await at_the_invoice(stage)
    [paid] = await agreed(stage, anna)
    stage.emulator.block(anna.id)
    stage.expect_refusals(403)

    await stage.deliver(paid)

    assert await stage.scalar(BALANCE) == 70_000


@pytest.mark.parametrize(
    ("language", "support", "terms"),
    [
        ("en", "Help with payments", "The rules"),
        ("ru", "Помощь с оплатой", "Правила"),
    ],
)
async def test_payments_can_be_asked_about_before_the_registration_too(
    stage: Stage, language: str, support: str, terms: str
) -> None:
    person = stage.person("Anna", language)

    assert (await person.say("/paysupport"))["text"].startswith(support)
    assert str(person.id) in person.window["text"]
    assert (await person.say("/terms"))["text"].startswith(terms)


async def payload(stage: Stage) -> str:
    """Return the payload of the invoice of the first package."""
    [sent] = stage.emulator.calls("sendInvoice")
    found: str = sent.params["payload"]
    return found


def forward(stage: Stage, owner: Person, receiver: Person) -> int:
    """Forward a copy of the invoice to another chat, as is possible without a start parameter."""
    [sent] = stage.emulator.calls("sendInvoice")
    params = {key: value for key, value in sent.params.items() if key != "start_parameter"}
    _, reply = stage.emulator.call("sendInvoice", {**params, "chat_id": owner.id})
    there = {"chat_id": receiver.id, "from_chat_id": owner.id}
    message_id = reply["result"]["message_id"]
    _, copy = stage.emulator.call("forwardMessage", {**there, "message_id": message_id})
    found: int = copy["result"]["message_id"]
    return found
