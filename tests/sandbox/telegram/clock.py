"""Time that passes only when a test says so."""

from dataclasses import dataclass


@dataclass(slots=True)
class FakeClock:
    now: float = 1_763_700_000.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds
