"""Leave to answer one request: its place among those that run, its pace and its fault."""

import asyncio
from collections.abc import Callable

from sandbox.llm.faults import Fault, FaultKind
from sandbox.llm.kept import KeptRequest, Outcome
from sandbox.llm.problems import ConnectionDropped
from sandbox.llm.quota import Quota
from sandbox.llm.settings import Pace
from sandbox.llm.waits import Waits


class Admission:
    """Its place is free again after `end`, which may be called again in vain."""

    def __init__(
        self,
        kept: KeptRequest,
        pace: Pace,
        waits: Waits,
        clock: Callable[[], float],
        fault: Fault | None,
        quota: Quota | None,
    ) -> None:
        self.kept = kept
        self.pace = pace
        self.fault = fault
        self._waits = waits
        self._era = waits.era
        self._clock = clock
        self._quota = quota
        self._due = 0.0

    def suffers(self, kind: FaultKind) -> bool:
        return self.fault is not None and self.fault.kind is kind

    def note_text(self, output_tokens: int) -> None:
        """Text is handed to the network now."""
        self.kept.output_tokens = output_tokens
        if self.kept.first_text_at is None:
            self.kept.first_text_at = self._clock()

    def end(self, outcome: Outcome) -> None:
        self.kept.end(outcome, self._clock())
        if self._quota:
            self._quota.leave()
            self._quota = None

    async def begin(self) -> None:
        """Wait for the first token; raises ConnectionDropped where a fault says so."""
        await self.stall_if(FaultKind.STALL_BEFORE)
        self.drop_if(FaultKind.CUT_BEFORE)
        self._due = asyncio.get_running_loop().time()
        await self._pass(self.pace.first_seconds)

    async def write(self, tokens: int) -> None:
        """Wait as long as so many tokens take."""
        await self.stall_if(FaultKind.SLOW)
        await self._pass(tokens * self.pace.token_seconds)

    async def stall_if(self, kind: FaultKind) -> None:
        if self.fault and self.fault.kind is kind:
            await self._waits.stall(self.fault.seconds, self._era)

    def drop_if(self, kind: FaultKind) -> None:
        if self.suffers(kind):
            raise ConnectionDropped

    async def _pass(self, seconds: float) -> None:
        """Counted from when the last wait was due, so that own work does not add up.

        What a stall took is not made up for.
        """
        now = asyncio.get_running_loop().time()
        self._due = max(self._due + seconds, now)
        await asyncio.sleep(self._due - now)
        self._waits.check(self._era)
