"""The time for which a provider gets no requests after it has refused one by its limit."""

import math
import time
from collections.abc import Callable

from okno.llm.errors import ModelBusy

_MAX_SECONDS = 900.0
_MAX_DOUBLINGS = 10


class Cooldown:
    """Remembers until when no request is sent. `now` is a clock in seconds that never jumps."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._until = 0.0
        self._refusals_in_a_row = 0

    def begin(self, seconds: float) -> None:
        """Begin a pause of the seconds that the provider asks for.

        Each refusal right after a pause doubles the next one, up to 15 minutes. A refusal during a
        pause changes nothing: that request was sent before.
        """
        if self._until > self._now():
            return
        doubled = min(seconds * 2**self._refusals_in_a_row, _MAX_SECONDS)
        self._until = self._now() + max(seconds, doubled)
        self._refusals_in_a_row = min(self._refusals_in_a_row + 1, _MAX_DOUBLINGS)

    def end(self) -> None:
        """Note that the provider accepts requests again.

        An answer that comes during a pause proves nothing: its request was sent before.
        """
        if self._until <= self._now():
            self._refusals_in_a_row = 0

    def error(self) -> ModelBusy | None:
        """Return the error for callers during a pause, with the seconds left; None outside one."""
        left = self._until - self._now()
        return ModelBusy(seconds=math.ceil(left)) if left > 0 else None
