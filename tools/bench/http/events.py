"""Reads the texts from complete streams of server-sent events."""

import json
from collections.abc import Iterator
from typing import Any, Final

CHAT_EVENTS: Final = "chat"
COMPLETION_EVENTS: Final = "completion"
FIRST_TEXT: Final = {CHAT_EVENTS: b"event: delta", COMPLETION_EVENTS: b'"delta":{"content":'}
"""Bytes that begin the first text of a stream."""


def texts_in(body: bytes, dialect: str) -> list[str]:
    """Raises `ValueError` for an event that reports an error."""
    read = _chat_text if dialect == CHAT_EVENTS else _completion_text
    return [text for name, data in _events(body) if (text := read(name, data))]


def _chat_text(name: str, data: str) -> str:
    if name == "error":
        raise ValueError(data)
    return str(json.loads(data)["text"]) if name == "delta" else ""


def _completion_text(_name: str, data: str) -> str:
    choices: list[Any] = [] if data == "[DONE]" else json.loads(data)["choices"]
    return "".join(choice["delta"].get("content") or "" for choice in choices)


def _events(body: bytes) -> Iterator[tuple[str, str]]:
    """Yield name and data of every event, without comments."""
    for block in body.decode().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if "data" in fields:
            yield fields.get("event", "message"), fields["data"]
