"""The two limits of YandexGPT: generations at the same time, and generations per hour."""

from collections import deque
from collections.abc import Callable
from threading import Lock
from typing import Final

from sandbox.llm.problems import Problem, Refused
from sandbox.llm.settings import Limits

_HOUR: Final = 3600.0
_GAUGE_WORDS: Final = (
    "ai.textGenerationCompletionSessionsCount.count gauge quota limit exceed: allowed {} requests"
)
_HOURLY_WORDS: Final = (
    "ai.textGenerationCompletionRequestsPerHour.rate rate quota limit exceed: allowed {} requests"
)


class Quota:
    """Counts running generations: every `enter` needs a `leave`."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._begun: deque[float] = deque()
        self.running = 0

    def enter(self, limits: Limits) -> None:
        """Raises Refused when a limit is reached."""
        with self._lock:
            now = self._clock()
            while self._begun and self._begun[0] <= now - _HOUR:
                self._begun.popleft()
            if limits.hourly is not None and len(self._begun) >= limits.hourly:
                raise hourly_limit(limits)
            if self.running >= limits.concurrent:
                raise gauge_limit(limits)
            self._begun.append(now)
            self.running += 1

    def leave(self) -> None:
        with self._lock:
            self.running -= 1


def gauge_limit(limits: Limits) -> Refused:
    return Refused(Problem.GAUGE_LIMIT, _GAUGE_WORDS.format(limits.concurrent))


def hourly_limit(limits: Limits) -> Refused:
    return Refused(Problem.HOURLY_LIMIT, _HOURLY_WORDS.format(limits.hourly or 0))
