"""Queries of running answers. Every method is one statement, so that two at once can do no harm."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from okno.assistant.models import Generation
from okno.kit.uow import UnitOfWork


class GenerationStore:
    """Reads and writes the table `generations`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def add(self, **values: UUID | int | datetime) -> bool:
        """Note the answer that begins; False when the user has another one already."""
        statement = (
            insert(Generation)
            .values(**values)
            .on_conflict_do_nothing(index_elements=[Generation.user_id])
            .returning(Generation.id)
        )
        return (await self._uow.session.execute(statement)).scalar_one_or_none() is not None

    async def end(self, generation_id: UUID) -> bool:
        """Forget it; False when it has been taken over, or its user is gone."""
        statement = (
            delete(Generation).where(Generation.id == generation_id).returning(Generation.id)
        )
        return (await self._uow.session.execute(statement)).scalar_one_or_none() is not None

    async def end_abandoned(self, generation_id: UUID, now: datetime) -> Generation | None:
        """Forget it if its lease is over still; return what it was."""
        statement = (
            delete(Generation)
            .where(Generation.id == generation_id, Generation.lease_until <= now)
            .returning(Generation)
        )
        return (await self._uow.session.scalars(statement)).one_or_none()

    async def abandoned(self, now: datetime, limit: int) -> Sequence[Row[UUID, int]]:
        """List (id, user id) of those whose lease is over, the oldest first."""
        statement = (
            select(Generation.id, Generation.user_id)
            .where(Generation.lease_until <= now)
            .order_by(Generation.lease_until)
            .limit(limit)
        )
        return (await self._uow.session.execute(statement)).all()

    async def renew(self, generation_id: UUID, until: datetime) -> bool | None:
        """Set the end of the lease; tell whether a stop was asked for, None: it is gone."""
        statement = (
            update(Generation)
            .where(Generation.id == generation_id)
            .values(lease_until=until)
            .returning(Generation.is_stopping)
        )
        return (await self._uow.session.execute(statement)).scalar_one_or_none()

    async def ask_to_stop(self, user_id: int, now: datetime) -> UUID | None:
        """Note that the user's answer is to stop; return its id, None: none is running."""
        statement = (
            update(Generation)
            .where(Generation.user_id == user_id, Generation.lease_until > now)
            .values(is_stopping=True)
            .returning(Generation.id)
        )
        return (await self._uow.session.execute(statement)).scalar_one_or_none()
