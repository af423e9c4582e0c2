"""Queries of the names of signing keys."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, insert, select, text, update

from okno.accounts.models import JwtKey
from okno.kit.uow import UnitOfWork

_NO_ORM = {"synchronize_session": False}


class KeyName(NamedTuple):
    """A signing key, and since when there is one."""

    name: str
    created_at: datetime


class JwtKeyStore:
    """Reads and writes the table `jwt_keys`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def lock(self) -> None:
        """Let nobody else add a key meanwhile; everybody can read on."""
        await self._uow.session.execute(
            text(f"LOCK TABLE {JwtKey.__tablename__} IN SHARE ROW EXCLUSIVE MODE")
        )

    async def list(self, now: datetime) -> tuple[KeyName, ...]:
        """Read those that are good, the oldest first."""
        statement = (
            select(JwtKey.id, JwtKey.created_at)
            .where(JwtKey.retires_at.is_(None) | (JwtKey.retires_at > now))
            .order_by(JwtKey.created_at, JwtKey.id)
        )
        return tuple(KeyName(*row) for row in await self._uow.session.execute(statement))

    async def add(self, name: str, now: datetime) -> None:
        await self._uow.session.execute(insert(JwtKey).values(id=name, created_at=now))

    async def retire(self, at: datetime) -> None:
        """Let the newest key be good until then, and no longer."""
        await self._uow.session.execute(
            update(JwtKey).where(JwtKey.retires_at.is_(None)).values(retires_at=at),
            execution_options=_NO_ORM,
        )

    async def delete_retired(self, now: datetime) -> None:
        await self._uow.session.execute(
            delete(JwtKey).where(JwtKey.retires_at <= now), execution_options=_NO_ORM
        )
