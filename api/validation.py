"""Validation errors of pydantic as texts for people."""

from collections.abc import Mapping
from typing import Any

from fastapi.exceptions import RequestValidationError

from api.texts import Texts
from okno.accounts.dto import Language

_TEXTS = {
    "missing": "field-missing",
    "json_invalid": "field-no-json",
    "string_too_short": "field-too-short",
    "string_too_long": "field-too-long",
    "too_short": "field-too-few",
    "too_long": "field-too-many",
    "greater_than": "field-too-small",
    "greater_than_equal": "field-too-small",
    "less_than": "field-too-great",
    "less_than_equal": "field-too-great",
    "string_pattern_mismatch": "field-wrong-form",
    "uuid_parsing": "field-wrong-form",
    "int_parsing": "field-wrong-form",
    "int_from_float": "field-wrong-form",
    "value_error": "field-wrong-form",
    "literal_error": "field-not-offered",
    "enum": "field-not-offered",
    "unsupported": "field-not-supported",
}
_OTHER_TEXT = "field-wrong-type"
_BOUNDS = ("min_length", "max_length", "gt", "ge", "lt", "le", "expected")


def describe_fields(
    error: RequestValidationError, texts: Texts, language: Language
) -> list[dict[str, str]]:
    """Return the name and a message for each wrong field; values are never repeated."""
    return [
        {"field": _name(item["loc"]), "message": _message(item, texts, language)}
        for item in error.errors()
    ]


def _name(location: tuple[str | int, ...]) -> str:
    """Return a name such as `context.0.role`, or `body` when the error is in no field."""
    parts = [part for part in location[1:] if isinstance(part, str) or len(location) > 2]  # noqa: PLR2004 - a position in broken JSON names no field
    return ".".join(map(str, parts)) or str(location[0])


def _message(item: Mapping[str, Any], texts: Texts, language: Language) -> str:
    context = item.get("ctx") or {}
    bound = next((str(context[name]) for name in _BOUNDS if name in context), "")
    return texts.get(language, _TEXTS.get(item["type"], _OTHER_TEXT), {"bound": bound})
