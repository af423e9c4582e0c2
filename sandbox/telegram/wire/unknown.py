"""Finds fields that the Bot API does not have. Telegram ignores them, a developer should not."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel


def unknown_fields(value: Any, path: str = "") -> Iterator[str]:  # noqa: ANN401 - any parsed value
    """Yield paths such as `reply_markup.inline_keyboard[0][1].calback_data`."""
    if isinstance(value, BaseModel):
        prefix = f"{path}." if path else ""
        yield from (f"{prefix}{name}" for name in value.model_extra or ())
        for name in type(value).model_fields:
            yield from unknown_fields(getattr(value, name), f"{prefix}{name}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from unknown_fields(item, f"{path}[{index}]")
