"""Scripted faults, which a bot must survive and a healthy emulator never has."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sandbox.telegram.errors import ApiError, too_many_requests


class FaultKind(StrEnum):
    """Kinds of faults. `slow` and `lost_reply` happen after the call has taken effect.

    After a timeout or a lost connection a bot cannot know that its call has taken effect.
    """

    ERROR = "error"
    NOT_JSON = "not_json"
    DROP = "drop"
    SLOW = "slow"
    LOST_REPLY = "lost_reply"


@dataclass(frozen=True, slots=True)
class Fault:
    """Happens in the next `times` calls of the method whose parameters contain the text.

    `delay` is in seconds. An error with `retry_after` has status 429, and Telegram's text if
    `description` is None.
    """

    method: str = "*"
    kind: FaultKind = FaultKind.ERROR
    code: int = 500
    description: str | None = None
    retry_after: int | None = None
    delay: float = 1.0
    times: int = 1
    contains: str | None = None

    def error(self) -> ApiError:
        """Make the error of a fault of the kind `error`."""
        if self.retry_after is not None:
            standard = too_many_requests(self.retry_after)
            description = self.description or standard.description
            return ApiError(standard.status, description, retry_after=self.retry_after)
        return ApiError(self.code, self.description or "Internal Server Error")

    def hits(self, method: str, fields: Mapping[str, Any]) -> bool:
        if self.method not in ("*", "") and self.method.lower() != method.lower():
            return False
        return self.contains is None or any(self.contains in str(item) for item in fields.values())


class FaultScript:
    """Faults that have not happened yet, in the order in which they were added."""

    def __init__(self) -> None:
        self._faults: list[tuple[Fault, int]] = []

    def __iter__(self) -> Iterator[Fault]:
        return iter([replace(fault, times=left) for fault, left in self._faults])

    def add(self, fault: Fault) -> None:
        self._faults.append((fault, fault.times))

    def take(self, method: str, fields: Mapping[str, Any]) -> Fault | None:
        """Return the first fault for this call and count it as happened once."""
        for index, (fault, left) in enumerate(self._faults):
            if fault.hits(method, fields):
                rest = [(fault, left - 1)] if left > 1 else []
                self._faults[index : index + 1] = rest
                return fault
        return None

    def clear(self) -> None:
        self._faults.clear()
