"""Queries of holds. Who ends a hold has locked its balance, so that it ends once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, insert, select

from okno.billing.models import Hold
from okno.kit.uow import UnitOfWork

_PURPOSE_LENGTH = 128


class HoldStore:
    """Reads and writes the table `holds`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def add(
        self, hold_id: UUID, user_id: int, amount: int, purpose: str, expires_at: datetime
    ) -> None:
        await self._uow.session.execute(
            insert(Hold).values(
                id=hold_id,
                user_id=user_id,
                amount=amount,
                purpose=purpose[:_PURPOSE_LENGTH],
                expires_at=expires_at,
            )
        )

    async def owner(self, hold_id: UUID) -> int | None:
        return await self._uow.session.scalar(select(Hold.user_id).where(Hold.id == hold_id))

    async def remove(self, hold_id: UUID) -> int | None:
        """End the hold and return its amount; None when it has ended already."""
        return await self._uow.session.scalar(
            delete(Hold).where(Hold.id == hold_id).returning(Hold.amount),
            execution_options={"synchronize_session": False},
        )

    async def expired(self, now: datetime, limit: int) -> list[UUID]:
        statement = (
            select(Hold.id).where(Hold.expires_at <= now).order_by(Hold.expires_at).limit(limit)
        )
        return list(await self._uow.session.scalars(statement))

    async def count(self) -> int:
        return await self._uow.session.scalar(select(func.count()).select_from(Hold)) or 0
