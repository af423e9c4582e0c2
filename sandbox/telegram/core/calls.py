"""The log of Bot API calls, for tests and for the developer drawer of the page."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from sandbox.telegram.shapes import Wire

MAX_CALLS: Final = 10_000


@dataclass(slots=True)
class Call:
    """A call with its result; `unknown` lists fields that the Bot API does not have.

    `implemented` is False if the emulator knows the method but cannot answer it.
    """

    method: str
    params: Wire
    at: float
    unknown: list[str] = field(default_factory=list)
    implemented: bool = True
    status: int = 200
    description: str | None = None

    def view(self) -> Wire:
        return {
            "method": self.method,
            "params": self.params,
            "status": self.status,
            "description": self.description,
            "unknown": self.unknown,
            "implemented": self.implemented,
            "at": self.at,
        }


class CallLog:
    """The newest calls, oldest first."""

    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=MAX_CALLS)

    def __iter__(self) -> Iterator[Call]:
        return iter(self._calls)

    def add(self, call: Call) -> None:
        self._calls.append(call)

    def of(self, method: str | None) -> list[Call]:
        """Return all calls, or the calls of one method. The case of its name does not matter."""
        if method is None:
            return list(self._calls)
        return [call for call in self._calls if call.method.lower() == method.lower()]

    def clear(self) -> None:
        self._calls.clear()
