"""Keyboards under messages and under the input field."""

from typing import Final
from urllib.parse import urlsplit

from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from sandbox.telegram.core.webhook import is_loopback
from sandbox.telegram.errors import ApiError, bad_request
from sandbox.telegram.shapes import Wire
from sandbox.telegram.wire.serialise import to_wire

MAX_CALLBACK_BYTES: Final = 64
MAX_COPY_CHARACTERS: Final = 256
MAX_BUTTONS: Final = 100

_TYPES: Final = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
    "disabled",
)


def inline_keyboard(markup: object) -> Wire | None:
    """Return the field `reply_markup`. Raises ApiError for an invalid button."""
    if not isinstance(markup, InlineKeyboardMarkup):
        return None
    rows = [row for row in markup.inline_keyboard if row]
    if sum(len(row) for row in rows) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    for row in rows:
        for button in row:
            _check(button)
    return {"inline_keyboard": to_wire(rows)} if rows else None


def reply_keyboard(markup: ReplyKeyboardMarkup) -> Wire:
    """Return the keyboard that replaces the keyboard of the device, as the page shows it."""
    return {
        "rows": [[{"text": button.text} for button in row] for row in markup.keyboard],
        "resize": bool(markup.resize_keyboard),
        "one_time": bool(markup.one_time_keyboard),
        "placeholder": markup.input_field_placeholder,
    }


def changes_reply_keyboard(markup: object) -> bool:
    return isinstance(markup, ReplyKeyboardMarkup | ReplyKeyboardRemove)


def _check(button: InlineKeyboardButton) -> None:
    if not button.text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if all(getattr(button, name) is None for name in _TYPES):
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    data = button.callback_data
    if data is not None and not 1 <= len(data.encode()) <= MAX_CALLBACK_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if button.copy_text is not None and not 1 <= len(button.copy_text.text) <= MAX_COPY_CHARACTERS:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if button.url is not None:
        _check_url(button.url)
    if button.web_app is not None:
        _check_web_app(button.web_app.url)


def _check_url(url: str) -> None:
    if not url.strip() or any(character.isspace() for character in url.strip()):
        raise _invalid_url("URL", url, "Wrong HTTP URL")


def _check_web_app(url: str) -> None:
    """Raises ApiError for a URL without https. http is accepted on this machine."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts)):
        raise _invalid_url("Web App URL", url, "Only HTTPS links are allowed")


def _invalid_url(what: str, url: str, reason: str) -> ApiError:
    return bad_request(f"inline keyboard button {what} '{url}' is invalid: {reason}")
