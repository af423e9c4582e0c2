"""Refuses missing parameters before any other check, as Telegram does."""

from typing import Any, Final

from sandbox.telegram.errors import ApiError, bad_request
from sandbox.telegram.wire.fields import FieldKind, field_kinds
from sandbox.telegram.wire.registry import MethodClass

# Fields that the documentation requires, but the server does not.
_DEFAULTS: Final[dict[tuple[str, str], Any]] = {
    ("setWebhook", "url"): "",
    ("setMyCommands", "commands"): [],
    ("sendMessageDraft", "draft_id"): 0,
    ("answerCallbackQuery", "callback_query_id"): "",
}

_WORDS: Final = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "user_id": "invalid user_id specified",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "file_id": "file_id not specified",
    "action": "wrong parameter action in request",
}


def fill_required(method: MethodClass, data: dict[str, Any]) -> None:
    """Fill in defaults. Raises ApiError for the first required field that is missing or empty."""
    for name, field in method.model_fields.items():
        if not field.is_required() or data.get(name) not in (None, ""):
            continue
        key = (method.__api_method__, name)
        if key not in _DEFAULTS:
            raise _missing(method, name)
        data[name] = _DEFAULTS[key]


def _missing(method: MethodClass, name: str) -> ApiError:
    if name in _WORDS:
        return bad_request(_WORDS[name])
    if field_kinds(method)[name] is FieldKind.FILE:
        return bad_request(f"there is no {name} in the request")
    return bad_request(f'parameter "{name}" is required')
