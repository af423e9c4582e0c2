"""Explains why there is no answer. Of an error only its code is stored; the locale has its text."""

from html import escape

from aiogram_i18n import I18nContext
from aiogram_i18n.exceptions import FluentMessageError, KeyNotFoundError

from okno.llm.errors import ModelBusy

# The text of this error names seconds, which were right when it was raised.
_WITHOUT_VALUES = {ModelBusy.code: "failure-model-busy"}


def failure_text(i18n: I18nContext, code: str | None, **values: str | int) -> str:
    """Translate the code; one that this release does not know is an unexpected error."""
    key = f"error-{code}"
    try:
        return i18n.get(key if values else _WITHOUT_VALUES.get(code or "", key), **values)
    except (KeyNotFoundError, FluentMessageError):
        return i18n.get("error-unexpected")


def left_text(i18n: I18nContext, code: str | None) -> str:
    """Return the HTML of a failure for a user who has asked something else since."""
    failure = escape(failure_text(i18n, code), quote=False)
    return i18n.get("chat-failed", failure=failure)
