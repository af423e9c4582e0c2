"""Payments, from the pressed button to the receipt, and refunds."""

from typing import Final

from sandbox.telegram.core.chats import Chat
from sandbox.telegram.core.checkouts import Checkout, PaymentResult
from sandbox.telegram.core.hub import Change, ChangeKind
from sandbox.telegram.core.invoices import STARS, Invoice
from sandbox.telegram.core.people import User
from sandbox.telegram.core.posting import announce, post
from sandbox.telegram.core.stars import Charge
from sandbox.telegram.core.user_actions import acting_user
from sandbox.telegram.core.world import World
from sandbox.telegram.errors import SimError
from sandbox.telegram.shapes import Wire

# As in the official server, checkouts do not wait for the messages of a chat: their updates are
# queued under the payer's id plus this number.
_CHECKOUT_CHAT_OFFSET: Final = 1 << 40


def pay(world: World, chat: Chat, message_id: int, user_id: int | None) -> str:
    """Press Pay and confirm; return the id of the query to the bot."""
    payer = acting_user(world, chat, user_id)
    message = chat.history.get(message_id)
    invoice = None if message is None else world.invoices.sent(message)
    if message is None or invoice is None:
        raise SimError(404, f"there is no invoice {message_id}")
    if not _can_be_paid(message):
        raise SimError(409, "this copy of the invoice can't be paid")
    if world.invoices.receipt_id(message) is not None:
        raise SimError(409, "the invoice is paid already")
    return _check_out(world, chat, payer, invoice, message)


def pay_link(world: World, chat: Chat, link: str) -> str:
    """Pay an invoice that was opened by its link; return the id of the query."""
    payer = acting_user(world, chat, None)
    invoice = world.invoices.linked(link)
    if invoice is None:
        raise SimError(404, "there is no invoice behind the link")
    return _check_out(world, chat, payer, invoice, None)


def finish(world: World, query_id: str, refusal: str | None) -> None:
    """End a checkout with the bot's answer. Raises ApiError when it is too late."""
    checkout = world.checkouts.waiting(query_id)
    error = refusal or _obstacle(world, checkout)
    checkout.result = PaymentResult(error=error) if error else _charge(world, checkout)
    world.hub.publish(Change(ChangeKind.CHECKOUT_ENDED, checkout.chat_id, {"id": query_id}))


def refund(world: World, user_id: int, charge_id: str) -> None:
    """Refund a charge. Raises ApiError."""
    charge = world.stars.refund(user_id, charge_id, world.now())
    _tell(world, charge, "refunded_payment", {})


def _check_out(
    world: World, chat: Chat, payer: User, invoice: Invoice, message: Wire | None
) -> str:
    stars = world.stars.of(payer.id)
    if stars < invoice.stars:
        raise SimError(409, f"this costs {invoice.stars} Stars, and the user has {stars}")
    query_id = world.checkouts.ask(invoice, payer_id=payer.id, chat_id=chat.id, message=message)
    query = {
        "id": query_id,
        "from": payer.wire(),
        "currency": STARS,
        "total_amount": invoice.stars,
        "invoice_payload": invoice.payload,
    }
    world.updates.add("pre_checkout_query", query, chat_id=_CHECKOUT_CHAT_OFFSET + payer.id)
    return query_id


def _can_be_paid(message: Wire) -> bool:
    """Return whether there is a pay button: a forwarded copy may have a link instead."""
    rows = message.get("reply_markup", {"inline_keyboard": []})["inline_keyboard"]
    return any(button.get("pay") for row in rows for button in row)


def _obstacle(world: World, checkout: Checkout) -> str | None:
    """Return an error if the payment became impossible while the bot was deciding."""
    if world.stars.of(checkout.payer_id) < checkout.invoice.stars:
        return "BALANCE_TOO_LOW"
    message = checkout.message
    if message is not None and world.invoices.receipt_id(message) is not None:
        return "INVOICE_ALREADY_PAID"
    return None


def _charge(world: World, checkout: Checkout) -> PaymentResult:
    chat = world.chats.get(checkout.chat_id)
    payer = world.chats.user(checkout.payer_id)
    charge = world.stars.charge(checkout.invoice, payer, chat.id, world.now())
    provider = {"provider_payment_charge_id": f"{payer.id}_{charge.id[-8:]}"}
    receipt_id = _tell(world, charge, "successful_payment", provider)
    if checkout.message is not None and chat.is_private:
        _mark_paid(world, chat, checkout.message, receipt_id)
    return PaymentResult(receipt_id=receipt_id)


def _mark_paid(world: World, chat: Chat, invoice: Wire, receipt_id: int) -> None:
    world.invoices.pay(invoice, receipt_id)
    newest = chat.history.get(invoice["message_id"])
    if newest is not None:
        announce(world, chat, newest)


def _tell(world: World, charge: Charge, kind: str, more: Wire) -> int:
    """Send the service message to the user and the bot; return its id."""
    chat = world.chats.get(charge.chat_id)
    payment = {
        "currency": STARS,
        "total_amount": charge.invoice.stars,
        "invoice_payload": charge.invoice.payload,
        "telegram_payment_charge_id": charge.id,
        **more,
    }
    message = post(world, chat, charge.payer.wire(), {kind: payment})
    world.updates.add("message", message, chat_id=chat.id)
    stars = {"stars": world.stars.of(charge.payer.id)}
    world.hub.publish(Change(ChangeKind.STARS, charge.payer.id, stars))
    message_id: int = message["message_id"]
    return message_id
