"""The admission of one request: its share of the quota, its pace and its fault."""

import asyncio
from collections.abc import Callable

from sandbox.llm.faults import Fault, FaultKind
from sandbox.llm.problems import ConnectionDropped
from sandbox.llm.quota import Quota
from sandbox.llm.request_log import LoggedRequest, Outcome
from sandbox.llm.settings import Pace
from sandbox.llm.stalls import StalledAnswers


class Admission:
    """`end` gives the share of the quota back; a second call has no effect."""

    def __init__(
        self,
        logged: LoggedRequest,
        pace: Pace,
        stalls: StalledAnswers,
        clock: Callable[[], float],
        fault: Fault | None,
        quota: Quota | None,
    ) -> None:
        self.logged = logged
        self.pace = pace
        self.fault = fault
        self._stalls = stalls
        self._era = stalls.era
        self._clock = clock
        self._quota = quota
        self._due = 0.0

    def suffers(self, kind: FaultKind) -> bool:
        return self.fault is not None and self.fault.kind is kind

    def note_text(self, output_tokens: int) -> None:
        """Note that text is being sent now."""
        self.logged.output_tokens = output_tokens
        if self.logged.first_text_at is None:
            self.logged.first_text_at = self._clock()

    def end(self, outcome: Outcome) -> None:
        self.logged.end(outcome, self._clock())
        if self._quota:
            self._quota.leave()
            self._quota = None

    async def begin(self) -> None:
        """Wait for the first token. Raises ConnectionDropped for such a fault."""
        await self.stall_if(FaultKind.STALL_BEFORE)
        self.drop_if(FaultKind.CUT_BEFORE)
        self._due = asyncio.get_running_loop().time()
        await self._wait(self.pace.first_seconds)

    async def write(self, tokens: int) -> None:
        """Wait as long as these tokens take."""
        await self.stall_if(FaultKind.SLOW)
        await self._wait(tokens * self.pace.token_seconds)

    async def stall_if(self, kind: FaultKind) -> None:
        if self.fault and self.fault.kind is kind:
            await self._stalls.stall(self.fault.seconds, self._era)

    def drop_if(self, kind: FaultKind) -> None:
        if self.suffers(kind):
            raise ConnectionDropped

    async def _wait(self, seconds: float) -> None:
        """Wait until so many seconds after the end of the last wait.

        So the time of our own work does not add up. The time of a stall is not made up for.
        """
        now = asyncio.get_running_loop().time()
        self._due = max(self._due + seconds, now)
        await asyncio.sleep(self._due - now)
        self._stalls.check(self._era)
