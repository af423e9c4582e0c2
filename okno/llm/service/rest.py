"""Leaving a provider alone after its limit for a span of time, longer after every refusal."""

import math
import time
from collections.abc import Callable

from okno.llm.errors import ModelBusy

_LONGEST = 900.0


class Rest:
    """Remembers until when no request is sent. Times are seconds of a clock that never jumps."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._until = 0.0
        self._in_a_row = 0

    def begin(self, seconds: float) -> None:
        """Rest so long as the provider asks for, doubled with every refusal after a rest."""
        if self._until > self._now():
            return
        self._until = self._now() + max(seconds, min(seconds * 2**self._in_a_row, _LONGEST))
        self._in_a_row = min(self._in_a_row + 1, 10)

    def over(self) -> None:
        """Note that the provider takes requests again; one from before the rest tells nothing."""
        if self._until <= self._now():
            self._in_a_row = 0

    def busy(self) -> ModelBusy | None:
        """Make the error that says how long it still takes, while it takes."""
        left = self._until - self._now()
        return ModelBusy(seconds=math.ceil(left)) if left > 0 else None
