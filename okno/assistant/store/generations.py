"""Queries of running answers. Every method is one statement, so that two at once can do no harm."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update

from okno.assistant.dto import Interrupted, Origin
from okno.assistant.models import Generation
from okno.kit.uow import UnitOfWork


class GenerationStore:
    """Reads and writes the table `generations`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def end_abandoned(
        self, generation_id: UUID, now: datetime
    ) -> tuple[Interrupted, UUID] | None:
        """Delete a generation whose lease is over; return it with its hold, None: it is not."""
        statement = (
            delete(Generation)
            .where(Generation.id == generation_id, Generation.lease_until <= now)
            .returning(
                Generation.user_id,
                Generation.conversation_id,
                Generation.question_id,
                Generation.hold_id,
            )
        )
        row = (await self._uow.session.execute(statement)).one_or_none()
        return None if row is None else (Interrupted(*row[:3]), row[3])

    async def abandoned(self, origin: Origin, now: datetime, limit: int) -> list[tuple[UUID, int]]:
        """List (id, user id) of those whose lease is over, the oldest first."""
        statement = (
            select(Generation.id, Generation.user_id)
            .where(Generation.lease_until <= now, Generation.origin == origin)
            .order_by(Generation.lease_until)
            .limit(limit)
        )
        found = await self._uow.session.execute(statement)
        return [(generation_id, user_id) for generation_id, user_id in found]

    async def renew(self, generation_ids: Sequence[UUID], until: datetime) -> dict[UUID, bool]:
        """Set the ends of leases; return for each generation whether it is to stop.

        Generations that were ended or taken over are left out of the result.
        """
        rows = await self._uow.fetch(
            "UPDATE generations SET lease_until = $2 WHERE id = ANY ($1::uuid[]) "
            "RETURNING id, is_stopping",
            generation_ids,
            until,
        )
        return dict(rows)

    async def ask_to_stop(self, user_id: int, now: datetime) -> UUID | None:
        """Mark the user's running answer as to be stopped; return its id, None: none is running."""
        statement = (
            update(Generation)
            .where(Generation.user_id == user_id, Generation.lease_until > now)
            .values(is_stopping=True)
            .returning(Generation.id)
        )
        return (await self._uow.session.execute(statement)).scalar_one_or_none()
