"""Queries of the audit log, many entries a statement."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, SmallInteger, Uuid, cast, func, insert, select, update

from okno.accounts import dto, models
from okno.accounts.dto import AuditRecord
from okno.kit.actor import Actor, Role
from okno.kit.page import AnyRow, Page, read_page
from okno.kit.uow import NO_ORM, UnitOfWork

_COLUMNS = (
    models.AuditEntry.id,
    models.AuditEntry.at,
    models.AuditEntry.role,
    models.AuditEntry.user_id,
    models.AuditEntry.service_id,
    models.AuditEntry.action,
    models.AuditEntry.target_id,
    models.AuditEntry.address,
    models.AuditEntry.request_id,
    models.AuditEntry.details,
    models.AuditEntry.status,
)


class AuditStore:
    """Reads and appends to the table `audit_log`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def add(self, records: Sequence[tuple[UUID, AuditRecord]], now: datetime) -> None:
        rows = [
            {
                "id": entry_id,
                "at": now,
                "role": record.actor.role,
                "user_id": record.actor.user_id,
                "service_id": record.actor.service_id,
                "action": record.action,
                "target_id": record.target_id,
                "address": record.address,
                "request_id": record.request_id,
                "details": dict(record.details),
            }
            for entry_id, record in records
        ]
        await self._uow.session.execute(insert(models.AuditEntry), rows)

    async def finish(self, statuses: Sequence[tuple[UUID, int]]) -> None:
        """Note how each of them ended."""
        ids, codes = zip(*statuses, strict=True)
        ended = (
            func.unnest(cast(list(ids), ARRAY(Uuid)), cast(list(codes), ARRAY(SmallInteger)))
            .table_valued("id", "status")
            .render_derived()
        )
        await self._uow.session.execute(
            update(models.AuditEntry)
            .where(models.AuditEntry.id == ended.c.id)
            .values(status=ended.c.status),
            execution_options=NO_ORM,
        )

    async def page(self, number: int, size: int) -> Page[dto.AuditEntry]:
        """Read a page, the newest first."""
        statement = select(*_COLUMNS).order_by(models.AuditEntry.at.desc(), models.AuditEntry.id)
        page = await read_page(self._uow, statement, number=number, size=size)
        return page.map(_to_entry)


def _to_entry(row: AnyRow) -> dto.AuditEntry:
    record = AuditRecord(
        actor=Actor(Role(row.role), row.user_id, row.service_id),
        action=row.action,
        target_id=row.target_id,
        address=row.address,
        request_id=row.request_id,
        details=row.details,
    )
    return dto.AuditEntry(row.id, row.at, record, row.status)
