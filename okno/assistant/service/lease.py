"""The lease of a generation: renewed while its process lives, so that the others leave it alone."""

import structlog

from okno.assistant.service.run import Run
from okno.assistant.service.running import LEASE
from okno.assistant.store import AssistantStore
from okno.kit.clock import Clock
from okno.kit.errors import TemporarilyUnavailable
from okno.kit.uow import UnitOfWork

log = structlog.get_logger(__name__)

RENEWAL = LEASE.total_seconds() / 3


class Lease:
    """Keeps the lease of one generation at a time."""

    def __init__(self, uow: UnitOfWork, store: AssistantStore, clock: Clock) -> None:
        self._uow = uow
        self._store = store
        self._clock = clock

    async def keep(self, run: Run) -> None:
        """Renew it until the run is over; learn of a stop, and of a loss, by the way."""
        while not await run.is_over_within(RENEWAL):
            await self._renew(run)

    async def _renew(self, run: Run) -> None:
        try:
            async with self._uow.begin():
                is_stopping = await self._store.generations.renew(
                    run.generation.id, self._clock.now() + LEASE
                )
        except TemporarilyUnavailable as error:
            log.warning("lease not renewed", generation=str(run.generation.id), error=repr(error))
            return
        if is_stopping is None:
            run.lose()
        elif is_stopping:
            run.stop()
