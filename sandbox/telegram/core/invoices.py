"""Invoices and their receipts.

No payment provider is emulated, so Stars (XTR) are the only currency.
"""

import secrets
from dataclasses import dataclass
from typing import Final, TypeAlias

from aiogram.methods import CreateInvoiceLink, SendInvoice
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from sandbox.telegram.core.bounded_dict import BoundedDict
from sandbox.telegram.errors import bad_request
from sandbox.telegram.shapes import Wire

STARS: Final = "XTR"
LINK: Final = "https://t.me/$"
MAX_TITLE: Final = 32
MAX_DESCRIPTION: Final = 255
MAX_PAYLOAD_BYTES: Final = 128
MAX_AMOUNT: Final = 9999_9999_9999

_Described: TypeAlias = SendInvoice | CreateInvoiceLink


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice. Only bot and Telegram know `payload`: messages do not contain it."""

    title: str
    description: str
    payload: str
    stars: int
    start_parameter: str

    def wire(self) -> Wire:
        """Return the official Invoice."""
        return {
            "title": self.title,
            "description": self.description,
            "start_parameter": self.start_parameter,
            "currency": STARS,
            "total_amount": self.stars,
        }


def described_invoice(call: _Described) -> Invoice:
    """Make an invoice. Raises ApiError; the text for a too long title or description is a guess."""
    stars = _total(call)
    if call.currency != STARS:
        raise bad_request("PAYMENT_PROVIDER_INVALID")
    has_tips = call.max_tip_amount or call.suggested_tip_amounts
    if len(call.prices) != 1 or call.provider_token or has_tips:
        raise bad_request("STARS_INVOICE_INVALID")
    if len(call.payload.encode()) > MAX_PAYLOAD_BYTES:
        raise bad_request("INVOICE_PAYLOAD_INVALID")
    if len(call.title) > MAX_TITLE or len(call.description) > MAX_DESCRIPTION:
        raise bad_request("MEDIA_INVALID")
    parameter = call.start_parameter if isinstance(call, SendInvoice) else None
    return Invoice(call.title, call.description, call.payload, stars, parameter or "")


def pay_keyboard(invoice: Invoice, markup: InlineKeyboardMarkup | None) -> InlineKeyboardMarkup:
    """Return the bot's keyboard, or a keyboard with the pay button.

    Raises ApiError if the pay button is not the first.
    """
    if markup is None or not any(markup.inline_keyboard):
        button = InlineKeyboardButton(text=_label(invoice), pay=True)
        return InlineKeyboardMarkup(inline_keyboard=[[button]])
    first = next(row[0] for row in markup.inline_keyboard if row)
    if not first.pay:
        raise bad_request("BUTTON_POS_INVALID")
    return markup


def forwarded_keyboard(invoice: Invoice, bot_username: str) -> InlineKeyboardMarkup:
    """Return the keyboard of a forwarded copy. With a start parameter it opens the bot."""
    if not invoice.start_parameter:
        return pay_keyboard(invoice, None)
    link = f"https://t.me/{bot_username}?start={invoice.start_parameter}"
    button = InlineKeyboardButton(text=_label(invoice), url=link)
    return InlineKeyboardMarkup(inline_keyboard=[[button]])


class InvoiceBook:
    """Invoices in chats and behind links, with receipts. One in a private chat is paid once."""

    def __init__(self) -> None:
        self._sent: BoundedDict[tuple[int, int], Invoice] = BoundedDict()
        self._linked: BoundedDict[str, Invoice] = BoundedDict()
        self._receipts: BoundedDict[tuple[int, int], int] = BoundedDict()

    def send(self, message: Wire, invoice: Invoice) -> None:
        self._sent[_key(message)] = invoice

    def sent(self, message: Wire) -> Invoice | None:
        return self._sent.get(_key(message))

    def link(self, invoice: Invoice) -> str:
        link = LINK + secrets.token_urlsafe(12)
        self._linked[link] = invoice
        return link

    def linked(self, link: str) -> Invoice | None:
        return self._linked.get(link)

    def pay(self, message: Wire, receipt_id: int) -> None:
        self._receipts[_key(message)] = receipt_id

    def receipt_id(self, message: Wire) -> int | None:
        """Return the id of the message that confirms the payment."""
        return self._receipts.get(_key(message))

    def clear(self) -> None:
        self._sent.clear()
        self._linked.clear()
        self._receipts.clear()


def _key(message: Wire) -> tuple[int, int]:
    return message["chat"]["id"], message["message_id"]


def _total(call: _Described) -> int:
    amounts = [price.amount for price in call.prices]
    if any(abs(amount) > MAX_AMOUNT for amount in amounts):
        raise bad_request("too big amount of the currency specified")
    if sum(amounts) <= 0:
        raise bad_request("total price must be positive")
    return sum(amounts)


def _label(invoice: Invoice) -> str:
    return f"Pay ⭐️{invoice.stars}"
