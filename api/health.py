"""Health checks that anybody may ask for, as often as they like."""

import asyncio
from collections.abc import Sequence
from time import monotonic
from typing import Final

from okno.kit.health import Health, HealthChecks

_CACHE_SECONDS: Final = 1.0


class PublicHealth:
    """Checks PostgreSQL and Redis at most once a second; one per process."""

    def __init__(self, checks: HealthChecks) -> None:
        self._checks = checks
        self._checking = asyncio.Lock()
        self._results: Sequence[Health] = ()
        self._valid_until = 0.0

    async def check(self) -> Sequence[Health]:
        async with self._checking:
            if monotonic() >= self._valid_until:
                self._results = await self._checks.run()
                self._valid_until = monotonic() + _CACHE_SECONDS
            return self._results
