"""Server-Sent Events: https://html.spec.whatwg.org/multipage/server-sent-events.html."""

from typing import Any

from pydantic_core import to_json


def event(data: Any, name: str | None = None) -> bytes:  # noqa: ANN401 - whatever JSON can say
    """Write an event; without a name it is a `message`."""
    kind = b"" if name is None else b"event: %b\n" % name.encode()
    return b"%bdata: %b\n\n" % (kind, to_json(data))


def comment(text: str) -> bytes:
    """Write a line that clients pass over."""
    return b": %b\n\n" % text.encode()


class Deltas:
    """Tells what a growing text has grown by. What was sent stays, should a model change it."""

    def __init__(self) -> None:
        self._sent = 0

    def take(self, text: str) -> str:
        added = text[self._sent :]
        self._sent += len(added)
        return added
