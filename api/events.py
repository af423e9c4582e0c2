"""Server-Sent Events (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""

from typing import Any

from pydantic_core import to_json


def event(data: Any, name: str | None = None) -> bytes:  # noqa: ANN401 - whatever JSON can say
    """Format an event; without a name its type is `message`."""
    kind = b"" if name is None else b"event: %b\n" % name.encode()
    return b"%bdata: %b\n\n" % (kind, to_json(data))


def comment(text: str) -> bytes:
    """Format a comment, which clients ignore."""
    return b": %b\n\n" % text.encode()


class Deltas:
    """Splits a growing text into pieces. Text that was sent stays, even if the model changes it."""

    def __init__(self) -> None:
        self._sent = 0

    def take(self, text: str) -> str:
        added = text[self._sent :]
        self._sent += len(added)
        return added
