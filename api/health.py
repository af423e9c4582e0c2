"""Whether all is well, for anybody who asks, however often."""

import asyncio
from collections.abc import Sequence
from time import monotonic
from typing import Final

from okno.kit.health import Health, HealthChecks

_SECONDS: Final = 1.0


class PublicHealth:
    """Asks the servers once a second at the most; one per process."""

    def __init__(self, checks: HealthChecks) -> None:
        self._checks = checks
        self._turn = asyncio.Lock()
        self._found: Sequence[Health] = ()
        self._good_until = 0.0

    async def look(self) -> Sequence[Health]:
        async with self._turn:
            if monotonic() >= self._good_until:
                self._found = await self._checks.run()
                self._good_until = monotonic() + _SECONDS
            return self._found
