"""Queries of sessions and their refresh tokens.

Locks are taken in the order in which the deletion of a user takes them: the user, the session, its
tokens.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, insert, select, update

from okno.accounts import dto, models
from okno.accounts.dto import Device
from okno.kit.uow import NO_ORM, UnitOfWork


@dataclass(frozen=True, slots=True)
class SessionOwner:
    """A session and its user."""

    session_id: UUID
    user_id: int


class SessionStore:
    """Reads and writes the tables `sessions` and `refresh_tokens`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def add(
        self, session_id: UUID, user_id: int, device: Device, now: datetime, until: datetime
    ) -> None:
        await self._uow.session.execute(
            insert(models.Session).values(
                id=session_id,
                user_id=user_id,
                address=device.address,
                device=device.name,
                created_at=now,
                used_at=now,
                expires_at=until,
            )
        )

    async def add_token(self, token_hash: bytes, session_id: UUID, now: datetime) -> None:
        await self._uow.session.execute(
            insert(models.RefreshToken).values(
                hash=token_hash, session_id=session_id, created_at=now
            )
        )

    async def prolong(
        self, token_hash: bytes, device: Device, now: datetime, until: datetime
    ) -> SessionOwner | None:
        """Note a use of a refresh token's session, and lock it; None: it is over, or unknown."""
        session_id = select(models.RefreshToken.session_id).where(
            models.RefreshToken.hash == token_hash
        )
        statement = (
            update(models.Session)
            .where(models.Session.id == session_id.scalar_subquery(), *_living(now))
            .values(address=device.address, device=device.name, used_at=now, expires_at=until)
            .returning(models.Session.id, models.Session.user_id)
        )
        row = (await self._uow.session.execute(statement, execution_options=NO_ORM)).one_or_none()
        return None if row is None else SessionOwner(*row)

    async def use_token(self, token_hash: bytes, now: datetime) -> bool:
        """Mark a refresh token as used; False: it was used before. Of many at once, one wins."""
        statement = (
            update(models.RefreshToken)
            .where(models.RefreshToken.hash == token_hash, models.RefreshToken.used_at.is_(None))
            .values(used_at=now)
            .returning(models.RefreshToken.session_id)
        )
        return await self._uow.session.scalar(statement, execution_options=NO_ORM) is not None

    async def delete_tokens(self, session_id: UUID, before: datetime) -> None:
        """Delete refresh tokens of a session that are too old to be valid or to prove a theft."""
        await self._uow.session.execute(
            delete(models.RefreshToken).where(
                models.RefreshToken.session_id == session_id,
                models.RefreshToken.created_at < before,
            ),
            execution_options=NO_ORM,
        )

    async def end(self, user_id: int, session_id: UUID, now: datetime) -> bool:
        """End a session of this user, if it has not ended; False: there is no such session."""
        statement = (
            update(models.Session)
            .where(models.Session.id == session_id, models.Session.user_id == user_id)
            .values(ended_at=func.coalesce(models.Session.ended_at, now))
            .returning(models.Session.id)
        )
        return await self._uow.session.scalar(statement, execution_options=NO_ORM) is not None

    async def end_all(self, user_id: int, now: datetime, keep: UUID | None) -> list[UUID]:
        """End all sessions of the user but one; return those that had not ended."""
        others = [] if keep is None else [models.Session.id != keep]
        return await self._end(now, models.Session.user_id == user_id, *others)

    async def end_oldest(self, user_id: int, most: int, now: datetime) -> list[UUID]:
        """End the sessions beyond the number `most` that were not used for longest; return them."""
        oldest = (
            select(models.Session.id)
            .where(models.Session.user_id == user_id, *_living(now))
            .order_by(models.Session.used_at.desc(), models.Session.id)
            .offset(most)
        )
        return await self._end(now, models.Session.id.in_(oldest.scalar_subquery()))

    async def alive(self, user_id: int, now: datetime) -> tuple[dto.Session, ...]:
        """Return the sessions that have not ended, the latest use first."""
        statement = (
            select(models.Session)
            .where(models.Session.user_id == user_id, *_living(now))
            .order_by(models.Session.used_at.desc(), models.Session.id)
        )
        rows = await self._uow.session.scalars(statement)
        return tuple(
            dto.Session(
                id=row.id,
                device=Device(row.address, row.device),
                created_at=row.created_at,
                used_at=row.used_at,
                expires_at=row.expires_at,
            )
            for row in rows
        )

    async def delete_over(self, before: datetime, limit: int) -> int:
        """Delete sessions that were over before, with their tokens; return their number."""
        over = (
            select(models.Session.id)
            .where(func.least(models.Session.expires_at, models.Session.ended_at) < before)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        statement = (
            delete(models.Session)
            .where(models.Session.id.in_(over.scalar_subquery()))
            .returning(models.Session.id)
        )
        return len((await self._uow.session.scalars(statement, execution_options=NO_ORM)).all())

    async def _end(self, now: datetime, *which: ColumnElement[bool]) -> list[UUID]:
        statement = (
            update(models.Session)
            .where(*which, *_living(now))
            .values(ended_at=now)
            .returning(models.Session.id)
        )
        return list(await self._uow.session.scalars(statement, execution_options=NO_ORM))


def _living(now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return models.Session.ended_at.is_(None), models.Session.expires_at > now
