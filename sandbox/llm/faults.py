"""Scripted faults, which a client must survive and a healthy service seldom has."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from sandbox.llm.problems import Problem
from sandbox.llm.prompt import Call, Provider


class FaultKind(StrEnum):
    """Refusals by status, then faults of an answer.

    `*_BEFORE` happens before the first byte of the answer, `*_INSIDE` after some frames. `TORN`
    sends pieces that end in the middle of a frame or a character, `GLUED` several frames at once.
    `DATA_PREFIX` begins each frame of YandexGPT with `data: `. `NO_FINAL` leaves out the end,
    `NO_USAGE` the number of tokens. `SLOW` pauses before every frame.
    """

    BAD_REQUEST = "400"
    UNAUTHENTICATED = "401"
    PERMISSION_DENIED = "403"
    NOT_FOUND = "404"
    GAUGE_LIMIT = "gauge_429"
    HOURLY_LIMIT = "hourly_429"
    INTERNAL = "500"
    UNAVAILABLE = "503"
    DEADLINE = "504"
    BAD_GATEWAY = "not_json"

    STALL_BEFORE = "stall_before"
    STALL_INSIDE = "stall_inside"
    CUT_BEFORE = "cut_before"
    CUT_INSIDE = "cut_inside"
    ERROR_INSIDE = "error_inside"
    TORN = "torn"
    GLUED = "glued"
    DATA_PREFIX = "data_prefix"
    CONTENT_FILTER = "content_filter"
    NO_USAGE = "no_usage"
    NO_FINAL = "no_final"
    SLOW = "slow"

    @property
    def problem(self) -> Problem | None:
        """The problem of a refusal, otherwise None."""
        return Problem.__members__.get(self.name)


FOR_TOKENIZER: Final = frozenset(
    {kind for kind in FaultKind if kind.problem}
    | {FaultKind.STALL_BEFORE, FaultKind.CUT_BEFORE, FaultKind.SLOW}
)
"""Faults that are possible without a stream of frames."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Happens in the next `times` calls to the provider (None: any) with a text in the question.

    `seconds`: of a stall, or of each pause of a slow answer. `after`: frames before a fault inside
    a stream; a larger number than the stream has puts the fault before its last frame.
    """

    kind: FaultKind
    times: int = 1
    contains: str | None = None
    provider: Provider | None = None
    call: Call = Call.COMPLETION
    seconds: float = 5.0
    after: int = 1

    def __post_init__(self) -> None:
        if self.call is Call.TOKENIZE and self.kind not in FOR_TOKENIZER:
            raise ValueError(f"{self.kind} is not possible for the tokenizer")

    def hits(self, provider: Provider, call: Call, text: str) -> bool:
        if self.call is not call or self.provider not in (None, provider):
            return False
        return self.contains is None or self.contains in text


class FaultScript:
    """Faults that have not happened yet, in the order in which they were added."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def __iter__(self) -> Iterator[Fault]:
        return iter(tuple(self._faults))

    def add(self, fault: Fault) -> None:
        self._faults.append(fault)

    def take(self, provider: Provider, call: Call, text: str) -> Fault | None:
        """Return the first fault for this call and count it as happened once."""
        for place, fault in enumerate(self._faults):
            if fault.hits(provider, call, text):
                rest = [replace(fault, times=fault.times - 1)] if fault.times > 1 else []
                self._faults[place : place + 1] = rest
                return fault
        return None
