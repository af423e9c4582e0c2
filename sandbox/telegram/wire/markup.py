"""Reads reply markups. The key in the JSON selects one of the four classes.

pydantic's union would take an inline keyboard with a mistake for `ReplyKeyboardRemove`, whose
fields all have defaults.
"""

from typing import Any, Final

from aiogram.types import (
    ForceReply,
    InlineKeyboardMarkup,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from pydantic import BaseModel

from sandbox.telegram.errors import bad_request

_CLASSES: Final[dict[str, type[BaseModel]]] = {
    "keyboard": ReplyKeyboardMarkup,
    "inline_keyboard": InlineKeyboardMarkup,
    "remove_keyboard": ReplyKeyboardRemove,
    "force_reply": ForceReply,
}


def parse_markup(raw: Any) -> BaseModel | None:  # noqa: ANN401 - any JSON value
    """Return the markup, or None if it is empty. Raises ApiError with Telegram's texts."""
    if raw is None:
        return None
    if not isinstance(raw, dict):
        raise bad_request("object expected as reply markup")
    for key, markup_class in _CLASSES.items():
        if not raw.get(key):
            continue
        if key == "keyboard":
            raw = raw | {"keyboard": _reply_rows(raw["keyboard"])}
        elif key == "inline_keyboard":
            _check_inline_rows(raw["inline_keyboard"])
        return markup_class.model_validate(raw)
    return None


def _reply_rows(rows: Any) -> list[list[Any]]:  # noqa: ANN401 - any JSON value
    _check_rows(rows, "keyboard", "ReplyKeyboardMarkup")
    buttons = [[_reply_button(button) for button in row] for row in rows]
    return [row for row in buttons if row]


def _reply_button(button: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(button, str):
        button = {"text": button}
    _check_button(button, "keyboard button", "KeyboardButton")
    return button


def _check_inline_rows(rows: Any) -> None:  # noqa: ANN401 - any JSON value
    _check_rows(rows, "inline_keyboard", "InlineKeyboardMarkup")
    for row in rows:
        for button in row:
            _check_button(button, "inline keyboard button", "InlineKeyboardButton")


def _check_rows(rows: Any, field: str, owner: str) -> None:  # noqa: ANN401 - any JSON value
    if not isinstance(rows, list):
        raise bad_request(f'field "{field}" of the {owner} must be an Array')
    if not all(isinstance(row, list) for row in rows):
        raise bad_request(f'field "{field}" of the {owner} must be an Array of Arrays')


def _check_button(button: Any, what: str, owner: str) -> None:  # noqa: ANN401 - any JSON value
    if not isinstance(button, dict):
        raise bad_request(f"can't parse {what}: {owner} must be an Object")
    if button.get("text") is None:
        raise bad_request(f"can't parse {what}: Can't find field \"text\"")
    if not isinstance(button["text"], str):
        raise bad_request(f'can\'t parse {what}: Field "text" must be of type String')
