"""Methods for invoices, checkouts, refunds and the bot's Stars."""

from typing import Final

from aiogram.methods import (
    AnswerPreCheckoutQuery,
    CreateInvoiceLink,
    GetMyStarBalance,
    GetStarTransactions,
    RefundStarPayment,
    SendInvoice,
)

from sandbox.telegram.core import paying
from sandbox.telegram.core.handlers import handles
from sandbox.telegram.core.invoices import described_invoice, pay_keyboard
from sandbox.telegram.core.posting import post_as_bot
from sandbox.telegram.core.sending import sent_content
from sandbox.telegram.core.world import World
from sandbox.telegram.errors import bad_request
from sandbox.telegram.shapes import Wire

MAX_TRANSACTIONS: Final = 100


@handles(SendInvoice)
def send_invoice(world: World, call: SendInvoice) -> Wire:
    invoice = described_invoice(call)
    chat = world.chats.writable(call.chat_id)
    content = {"invoice": invoice.wire()} | sent_content(chat, call)
    message = post_as_bot(world, chat, content, pay_keyboard(invoice, call.reply_markup))
    world.invoices.send(message, invoice)
    return message


@handles(CreateInvoiceLink)
def create_invoice_link(world: World, call: CreateInvoiceLink) -> str:
    return world.invoices.link(described_invoice(call))


@handles(AnswerPreCheckoutQuery)
def answer_pre_checkout_query(world: World, call: AnswerPreCheckoutQuery) -> bool:
    if not call.ok and not call.error_message:
        raise bad_request('parameter "error_message" is required')
    refusal = None if call.ok else call.error_message
    paying.finish(world, call.pre_checkout_query_id, refusal)
    return True


@handles(RefundStarPayment)
def refund_star_payment(world: World, call: RefundStarPayment) -> bool:
    paying.refund(world, call.user_id, call.telegram_payment_charge_id)
    return True


@handles(GetStarTransactions)
def get_star_transactions(world: World, call: GetStarTransactions) -> Wire:
    """Return transactions. Numbers out of range become the nearest allowed ones, as in Telegram."""
    limit = MAX_TRANSACTIONS if call.limit is None else call.limit
    limit = max(1, min(limit, MAX_TRANSACTIONS))
    return {"transactions": world.stars.transactions(max(0, call.offset or 0), limit)}


@handles(GetMyStarBalance)
def get_my_star_balance(world: World, _call: GetMyStarBalance) -> Wire:
    return {"amount": world.stars.balance}
