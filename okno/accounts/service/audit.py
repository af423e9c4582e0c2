"""The audit log: actions in the name of others, written down before they are done.

An action that can't be written down is not done. Entries of many requests share a commit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isfinite
from typing import Any
from uuid import UUID, uuid4

import structlog

from okno.accounts.dto import AuditEntry, AuditRecord
from okno.accounts.store.audit import AuditStore
from okno.kit.actor import Actor
from okno.kit.batch import Batcher, isolate_failures
from okno.kit.clock import Clock
from okno.kit.nursery import Nursery
from okno.kit.page import Page
from okno.kit.uow import UnitOfWork

log = structlog.get_logger(__name__)

_MAX_AT_ONCE = 200
_MAX_TEXT_LENGTH = 64
"""Characters of the columns for an action, an address and a request id."""


class AuditService:
    """Writes and shows the audit log; one per process."""

    def __init__(self, uow: UnitOfWork, store: AuditStore, nursery: Nursery, clock: Clock) -> None:
        self._uow = uow
        self._store = store
        self._clock = clock
        self._records: Batcher[tuple[UUID, AuditRecord], None] = Batcher(
            isolate_failures(self._add), nursery, most=_MAX_AT_ONCE
        )
        self._endings: Batcher[tuple[UUID, int], None] = Batcher(
            isolate_failures(self._finish), nursery, most=_MAX_AT_ONCE
        )

    async def record(self, record: AuditRecord) -> UUID:
        """Write down an action that is about to be done. Raises `TemporarilyUnavailable`."""
        entry_id = uuid4()
        await self._records.do((entry_id, _storable(record)))
        return entry_id

    async def finish(self, entry_id: UUID, status: int) -> None:
        """Write down the status; a failure is only logged, since the action is done."""
        try:
            await self._endings.do((entry_id, status))
        except Exception:
            log.exception("end not written into the audit log", entry=str(entry_id), status=status)

    async def list(self, actor: Actor, page: int, size: int) -> Page[AuditEntry]:
        """Return a page, the newest first. Only an admin or the system may."""
        actor.require_admin()
        async with self._uow.begin():
            return await self._store.page(page, size)

    async def _add(self, records: Sequence[tuple[UUID, AuditRecord]]) -> Sequence[None]:
        async with self._uow.begin():
            await self._store.add(records, self._clock.now())
        return [None] * len(records)

    async def _finish(self, statuses: Sequence[tuple[UUID, int]]) -> Sequence[None]:
        async with self._uow.begin():
            await self._store.finish(statuses)
        return [None] * len(statuses)


def _storable(record: AuditRecord) -> AuditRecord:
    return replace(
        record,
        action=record.action[:_MAX_TEXT_LENGTH],
        address=record.address[:_MAX_TEXT_LENGTH],
        request_id=record.request_id[:_MAX_TEXT_LENGTH],
        details=_clean(record.details),
    )


def _clean(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Remove what jsonb can't hold: the character 0, halves of surrogate pairs, NaN, infinity."""
    if isinstance(value, str):
        return value.replace("\0", "").encode(errors="replace").decode()
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    if isinstance(value, Mapping):
        return {_clean(name): _clean(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(one) for one in value]
    return value
