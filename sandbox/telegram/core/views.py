"""Views of messages for the chat page, for tests and for event streams."""

from typing import Final

from sandbox.telegram.core.world import World
from sandbox.telegram.shapes import Wire

MEDIA_KINDS: Final = ("photo", "voice", "audio", "video", "animation", "document")

_BUTTON_KINDS: Final = {
    "callback_data": "callback",
    "url": "url",
    "login_url": "url",
    "copy_text": "copy",
    "web_app": "web_app",
    "pay": "pay",
}
_PAYMENT_FIELDS: Final = {"successful_payment": "paid", "refunded_payment": "refunded"}
_SERVICE_FIELDS: Final = (
    "pinned_message",
    "left_chat_member",
    "new_chat_members",
    *_PAYMENT_FIELDS,
)


def message_view(world: World, message: Wire) -> Wire:
    """Make the view of a message; for media, `text` and `entities` come from the caption."""
    author = message["from"]
    has_text = "text" in message
    reply = message.get("reply_to_message")
    markup = message.get("reply_markup", {"inline_keyboard": []})
    return {
        "id": message["message_id"],
        "date": message["date"],
        "edited": "edit_date" in message,
        "edit_date": message.get("edit_date"),
        "author": _author(message, world.bot.id),
        "from": {"id": author["id"], "first_name": author["first_name"]},
        "text": message.get("text" if has_text else "caption", _service_text(message)),
        "entities": message.get("entities" if has_text else "caption_entities", []),
        "reply_to": None if reply is None else reply["message_id"],
        "keyboard": [[_button(button) for button in row] for row in markup["inline_keyboard"]],
        "media": _media(message),
        "invoice": _invoice(world, message),
        "payment": _payment(message),
    }


def _author(message: Wire, bot_id: int) -> str:
    if any(name in message for name in _SERVICE_FIELDS):
        return "service"
    return "bot" if message["from"]["id"] == bot_id else "user"


def _service_text(message: Wire) -> str:
    name = message["from"]["first_name"]
    if "pinned_message" in message:
        return f"{name} pinned a message"
    if "left_chat_member" in message:
        return f"{name} left the chat"
    payment = _payment(message)
    if payment is not None:
        return f"{payment['kind'].capitalize()}: {payment['stars']} Stars"
    return ""


def _button(button: Wire) -> Wire:
    kinds = (kind for field, kind in _BUTTON_KINDS.items() if field in button)
    links = (button[field] for field in ("login_url", "web_app") if field in button)
    return {
        "text": button["text"],
        "kind": next(kinds, "other"),
        "data": button.get("callback_data"),
        "url": button.get("url") or next((link["url"] for link in links), None),
        "copy": button["copy_text"]["text"] if "copy_text" in button else None,
        "style": button.get("style"),
        "disabled": "disabled" in button,
    }


def _invoice(world: World, message: Wire) -> Wire | None:
    invoice = message.get("invoice")
    if invoice is None:
        return None
    return {
        "title": invoice["title"],
        "description": invoice["description"],
        "stars": invoice["total_amount"],
        "receipt_id": world.invoices.receipt_id(message),
    }


def _payment(message: Wire) -> Wire | None:
    """Return the payment of a service message about a payment or a refund."""
    for field, kind in _PAYMENT_FIELDS.items():
        if field in message:
            payment = message[field]
            charge_id = payment["telegram_payment_charge_id"]
            return {"kind": kind, "stars": payment["total_amount"], "charge_id": charge_id}
    return None


def _media(message: Wire) -> Wire | None:
    kind = next((kind for kind in MEDIA_KINDS if kind in message), None)
    if kind is None:
        return None
    file = message["photo"][-1] if kind == "photo" else message[kind]
    return {
        "kind": kind,
        "file_id": file["file_id"],
        "file_name": file.get("file_name"),
        "mime_type": file.get("mime_type"),
        "size": file["file_size"],
        "url": f"/sim/files/{file['file_id']}",
        "width": file.get("width"),
        "height": file.get("height"),
    }
