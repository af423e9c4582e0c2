"""Queries of API keys."""

from datetime import datetime

from sqlalchemy import func, insert, select, update

from okno.accounts import dto, models
from okno.kit.uow import NO_ORM, UnitOfWork


class ApiKeyStore:
    """Reads and writes the table `api_keys`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def add(
        self,
        user_id: int,
        name: str,
        hint: str,
        key_hash: bytes,
        now: datetime,
        *,
        is_limited: bool,
    ) -> dto.ApiKey:
        statement = (
            insert(models.ApiKey)
            .values(
                user_id=user_id,
                name=name,
                hint=hint,
                hash=key_hash,
                is_limited=is_limited,
                created_at=now,
            )
            .returning(models.ApiKey)
        )
        return _to_key((await self._uow.session.scalars(statement)).one())

    async def count(self, user_id: int) -> int:
        """Count the valid keys."""
        statement = select(func.count()).where(
            models.ApiKey.user_id == user_id, models.ApiKey.revoked_at.is_(None)
        )
        return await self._uow.session.scalar(statement) or 0

    async def list(self, user_id: int) -> tuple[dto.ApiKey, ...]:
        """Return the valid keys in the order in which they were made."""
        statement = (
            select(models.ApiKey)
            .where(models.ApiKey.user_id == user_id, models.ApiKey.revoked_at.is_(None))
            .order_by(models.ApiKey.id)
        )
        return tuple(map(_to_key, await self._uow.session.scalars(statement)))

    async def revoke(self, user_id: int, key_id: int, now: datetime) -> bool:
        """Revoke a key of this user; False: there is no such valid key."""
        statement = (
            update(models.ApiKey)
            .where(
                models.ApiKey.id == key_id,
                models.ApiKey.user_id == user_id,
                models.ApiKey.revoked_at.is_(None),
            )
            .values(revoked_at=now)
            .returning(models.ApiKey.id)
        )
        return await self._uow.session.scalar(statement, execution_options=NO_ORM) is not None


def _to_key(row: models.ApiKey) -> dto.ApiKey:
    return dto.ApiKey(
        id=row.id,
        name=row.name,
        hint=row.hint,
        created_at=row.created_at,
        used_at=row.used_at,
    )
