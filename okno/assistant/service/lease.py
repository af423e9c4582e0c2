"""The leases of this process's generations, so that the others leave them alone.

One statement renews all of them, and brings the stops that Redis did not.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import structlog

from okno.assistant.service.run import Run
from okno.assistant.service.running import LEASE
from okno.assistant.store import AssistantStore
from okno.kit.clock import Clock
from okno.kit.errors import TemporarilyUnavailable
from okno.kit.nursery import Nursery
from okno.kit.uow import UnitOfWork

log = structlog.get_logger(__name__)

RENEWAL = LEASE.total_seconds() / 3


class Leases:
    """Renews leases; one per process. A timer costs an answer that is short nothing."""

    def __init__(
        self, uow: UnitOfWork, store: AssistantStore, nursery: Nursery, clock: Clock
    ) -> None:
        self._uow = uow
        self._store = store
        self._nursery = nursery
        self._clock = clock
        self._runs: dict[UUID, Run] = {}
        self._timer: asyncio.TimerHandle | None = None

    @contextmanager
    def keeping(self, run: Run) -> Iterator[None]:
        """Renew the lease of the run meanwhile; learn of a stop, and of a loss, by the way."""
        self._runs[run.generation.id] = run
        self._wait()
        try:
            yield
        finally:
            del self._runs[run.generation.id]

    def _wait(self) -> None:
        if self._timer is None and self._runs:
            self._timer = asyncio.get_running_loop().call_later(RENEWAL, self._begin)

    def _begin(self) -> None:
        if self._runs:
            self._nursery.start(self._renew(), name="renew leases")
        else:
            self._timer = None

    async def _renew(self) -> None:
        runs = dict(self._runs)
        try:
            async with self._uow.begin():
                found = await self._store.generations.renew(tuple(runs), self._clock.now() + LEASE)
        except TemporarilyUnavailable as error:
            log.warning("leases not renewed", generations=len(runs), error=repr(error))
            return
        finally:
            self._timer = None
            self._wait()
        for generation_id, run in runs.items():
            is_stopping = found.get(generation_id)
            if is_stopping is None:
                run.lose()
            elif is_stopping:
                run.stop()
