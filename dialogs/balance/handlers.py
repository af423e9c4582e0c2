"""Handles the clicks in the windows of the balance."""

from aiogram.types import (
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LabeledPrice,
)
from aiogram_dialog import DialogManager, ShowMode
from aiogram_i18n import I18nContext
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from dialogs.kit.account import account_of
from dialogs.kit.middleware_data import bot_of, i18n_of
from okno.billing.dto import Invoice
from okno.billing.service import PaymentsService
from okno.billing.service.payments import CURRENCY

START_PARAMETER = "balance"
"""With it a forwarded copy of the invoice leads to the bot, and nobody else can pay it."""


@inject
async def send_invoice(
    callback: CallbackQuery,
    _select: object,
    manager: DialogManager,
    package_id: str,
    payments: FromDishka[PaymentsService],
) -> None:
    """Send the invoice below the window, which stays: the user may try another package."""
    account = account_of(manager)
    bot = bot_of(manager)
    i18n = i18n_of(manager)
    invoice = await payments.invoice(account.actor, package_id)
    title = invoice.package.names[account.language]
    await bot.send_invoice(
        callback.from_user.id,
        title=title,
        description=i18n.get("invoice-description", tokens=invoice.tokens),
        payload=invoice.payload,
        currency=CURRENCY,
        prices=[LabeledPrice(label=title, amount=invoice.stars)],
        provider_token="",
        start_parameter=START_PARAMETER,
        reply_markup=_pay_button(i18n, invoice),
    )
    manager.show_mode = ShowMode.NO_UPDATE


def _pay_button(i18n: I18nContext, invoice: Invoice) -> InlineKeyboardMarkup:
    button = InlineKeyboardButton(text=i18n.get("button-pay", stars=invoice.stars), pay=True)
    return InlineKeyboardMarkup(inline_keyboard=[[button]])
