"""Scripted trouble: what a bot must survive and a healthy emulator never does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sandbox.telegram.errors import ApiError, too_many_requests


class FaultKind(StrEnum):
    """`slow` and `lost_reply` happen after the effect.

    A bot that loses patience, or the connection, can't know that its call was carried out.
    """

    ERROR = "error"
    NOT_JSON = "not_json"
    DROP = "drop"
    SLOW = "slow"
    LOST_REPLY = "lost_reply"


@dataclass(frozen=True, slots=True)
class Fault:
    """Befalls the next `times` calls of the method whose parameters contain the text.

    `delay` is in seconds. An error with `retry_after` is 429 with Telegram's words, unless
    others are given.
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
        """The refusal of a fault of the kind `error`."""
        if self.retry_after is not None:
            standard = too_many_requests(self.retry_after)
            description = self.description or standard.description
            return ApiError(standard.status, description, retry_after=self.retry_after)
        return ApiError(self.code, self.description or "Internal Server Error")

    def befalls(self, method: str, fields: Mapping[str, Any]) -> bool:
        if self.method not in ("*", "") and self.method.lower() != method.lower():
            return False
        return self.contains is None or any(self.contains in str(item) for item in fields.values())


class FaultScript:
    """Faults that still have to happen, in the order in which they were added."""

    def __init__(self) -> None:
        self._faults: list[tuple[Fault, int]] = []

    def __iter__(self) -> Iterator[Fault]:
        """With the times that are left."""
        return iter([replace(fault, times=left) for fault, left in self._faults])

    def add(self, fault: Fault) -> None:
        self._faults.append((fault, fault.times))

    def take(self, method: str, fields: Mapping[str, Any]) -> Fault | None:
        """The first fault that befalls this call; it is then used up by one."""
        for index, (fault, left) in enumerate(self._faults):
            if fault.befalls(method, fields):
                rest = [(fault, left - 1)] if left > 1 else []
                self._faults[index : index + 1] = rest
                return fault
        return None

    def clear(self) -> None:
        self._faults.clear()
