"""Queries of the names of signing keys."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, text, update

from okno.accounts.models import JwtKey
from okno.kit.uow import NO_ORM, UnitOfWork


@dataclass(frozen=True, slots=True)
class KeyName:
    """The name of a signing key, and when it was made."""

    name: str
    created_at: datetime


class JwtKeyStore:
    """Reads and writes the table `jwt_keys`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def lock(self) -> None:
        """Keep others from adding a key meanwhile; everybody can read."""
        await self._uow.session.execute(
            text(f"LOCK TABLE {JwtKey.__tablename__} IN SHARE ROW EXCLUSIVE MODE")
        )

    async def list(self, now: datetime) -> tuple[KeyName, ...]:
        """Return the valid ones, the oldest first."""
        statement = (
            select(JwtKey.id, JwtKey.created_at)
            .where(JwtKey.retires_at.is_(None) | (JwtKey.retires_at > now))
            .order_by(JwtKey.created_at, JwtKey.id)
        )
        return tuple(KeyName(*row) for row in await self._uow.session.execute(statement))

    async def add(self, name: str, now: datetime) -> None:
        await self._uow.session.execute(insert(JwtKey).values(id=name, created_at=now))

    async def retire(self, at: datetime) -> None:
        """Limit the validity of the newest key to this time."""
        await self._uow.session.execute(
            update(JwtKey).where(JwtKey.retires_at.is_(None)).values(retires_at=at),
            execution_options=NO_ORM,
        )

    async def delete_retired(self, now: datetime) -> None:
        await self._uow.session.execute(
            delete(JwtKey).where(JwtKey.retires_at <= now), execution_options=NO_ORM
        )
