"""Payments in Telegram Stars, and the commands about them that Telegram demands of bots.

This router stands before that of the registration: users pay who have not finished it, too.
"""

from contextlib import suppress

import structlog
from aiogram import Bot, F, Router
from aiogram.enums import ChatType
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.filters import Command
from aiogram.types import Message, PreCheckoutQuery, RefundedPayment, SuccessfulPayment
from aiogram_dialog import DialogManager
from aiogram_i18n import I18nContext
from dishka import FromDishka
from dishka.integrations.aiogram import inject

from dialogs.balance.states import Balance
from dialogs.home import open_root
from okno.accounts.dto import Account
from okno.accounts.service import AccountsService
from okno.billing.dto import PaymentState, StarPayment
from okno.billing.service import PaymentsService
from tgbot.config import SupportSettings

log = structlog.get_logger(__name__)


def router() -> Router:
    payments = Router(name="payments")
    payments.pre_checkout_query.register(check_out)
    payments.message.register(take_payment, F.successful_payment)
    payments.message.register(note_refund, F.refunded_payment)
    is_private = F.chat.type == ChatType.PRIVATE
    payments.message.register(tell_support, is_private, Command("paysupport"))
    payments.message.register(tell_terms, is_private, Command("terms"))
    return payments


@inject
async def check_out(query: PreCheckoutQuery, payments: FromDishka[PaymentsService]) -> None:
    """Agree to a payment. The handlers of errors tell the payer of a refusal."""
    await payments.check(
        query.from_user.id, query.invoice_payload, query.currency, query.total_amount
    )
    try:
        await query.answer(ok=True)
    except TelegramBadRequest as error:
        log.warning("checkout answered too late", reason=error.message)


@inject
async def take_payment(
    message: Message,
    bot: Bot,
    dialog_manager: DialogManager,
    account: Account | None,
    i18n: I18nContext,
    payments: FromDishka[PaymentsService],
) -> None:
    """Credit a payment and tell the payer once, however often Telegram reports it."""
    assert message.successful_payment is not None  # noqa: S101 - the filter says so
    payment = _payment(message, message.successful_payment)
    credit = await payments.take(payment)
    if credit.is_new:
        text = i18n.get("payment-credited", tokens=credit.tokens)
    elif credit.state is PaymentState.UNCLAIMED:
        text = i18n.get("payment-unclaimed")
    else:
        return
    await _tell(bot, payment.telegram_id, text)
    is_at_home = message.chat.type == ChatType.PRIVATE and account is not None and account.onboarded
    if credit.is_new and is_at_home:
        await open_root(dialog_manager, Balance.main)


@inject
async def note_refund(
    message: Message,
    bot: Bot,
    i18n: I18nContext,
    payments: FromDishka[PaymentsService],
    accounts: FromDishka[AccountsService],
) -> None:
    """Note a refund, whoever has begun it, and tell the payer."""
    assert message.refunded_payment is not None  # noqa: S101 - the filter says so
    refund = _payment(message, message.refunded_payment)
    await payments.note_refund(refund)
    account = await accounts.find(refund.telegram_id)  # the bot may be the sender
    language = i18n.locale if account is None else account.language
    text = i18n.get("payment-refunded", language, stars=refund.stars)
    await _tell(bot, refund.telegram_id, text)


@inject
async def tell_support(
    message: Message, i18n: I18nContext, support: FromDishka[SupportSettings]
) -> None:
    contact = support.contact
    key = "paysupport-text" if contact else "paysupport-nobody"
    text = i18n.get(key, contact=contact or "", id=str(message.chat.id))
    await message.answer(text, parse_mode=None)


async def tell_terms(message: Message, i18n: I18nContext) -> None:
    await message.answer(i18n.get("terms-text"))


def _payment(message: Message, paid: SuccessfulPayment | RefundedPayment) -> StarPayment:
    """Read the payment. In a private chat its user has paid, in a group the sender."""
    payer = message.chat.id
    if message.chat.type != ChatType.PRIVATE and message.from_user is not None:
        payer = message.from_user.id
    return StarPayment(
        charge_id=paid.telegram_payment_charge_id,
        telegram_id=payer,
        payload=paid.invoice_payload,
        stars=paid.total_amount,
        at=message.date,
    )


async def _tell(bot: Bot, telegram_id: int, text: str) -> None:
    """Send `text` to the payer, who may never have written to the bot."""
    with suppress(TelegramForbiddenError, TelegramBadRequest):
        await bot.send_message(telegram_id, text)
