"""Queries of the progress of the reconciliation."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from okno.billing.models import ReconciliationProgress
from okno.kit.uow import UnitOfWork

_ONLY = 1


@dataclass(frozen=True, slots=True)
class Progress:
    """`seen` transactions were compared; `last_id` is the id of the last of them."""

    seen: int = 0
    last_id: str = ""


class ProgressStore:
    """Reads and writes the only row of `reconciliation_progress`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def get(self) -> Progress:
        statement = select(ReconciliationProgress.seen, ReconciliationProgress.last_id)
        row = (await self._uow.session.execute(statement)).one_or_none()
        return Progress() if row is None else Progress(*row)

    async def put(self, progress: Progress) -> None:
        values = {"seen": progress.seen, "last_id": progress.last_id}
        await self._uow.session.execute(
            insert(ReconciliationProgress)
            .values(id=_ONLY, **values)
            .on_conflict_do_update(index_elements=[ReconciliationProgress.id], set_=values)
        )
