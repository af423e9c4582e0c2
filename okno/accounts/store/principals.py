"""Queries of callers: the owner of a credential that is valid at this moment."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, update

from okno.accounts.models import ApiKey, Session, User
from okno.kit.actor import Role
from okno.kit.uow import NO_ORM, UnitOfWork


@dataclass(frozen=True, slots=True)
class KnownUser:
    """The facts about a user that a request needs; `service_id`: who made the user."""

    id: int
    role: Role
    telegram_id: int | None
    service_id: int | None


@dataclass(frozen=True, slots=True)
class KnownApiKey:
    """A valid API key with its owner."""

    user: KnownUser
    id: int
    is_limited: bool
    used_at: datetime | None


class PrincipalStore:
    """Reads several tables by one statement each; husks are left out."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def user(self, user_id: int) -> KnownUser | None:
        row = await self._one(_users().where(User.id == user_id))
        return None if row is None else _to_user(*row)

    async def user_of_session(self, session_id: UUID, now: datetime) -> KnownUser | None:
        statement = (
            _users()
            .join(Session, Session.user_id == User.id)
            .where(Session.id == session_id, Session.ended_at.is_(None), Session.expires_at > now)
        )
        row = await self._one(statement)
        return None if row is None else _to_user(*row)

    async def api_key(self, key_hash: bytes) -> KnownApiKey | None:
        statement = (
            _users()
            .join(ApiKey, ApiKey.user_id == User.id)
            .add_columns(ApiKey.id, ApiKey.is_limited, ApiKey.used_at)
            .where(ApiKey.hash == key_hash, ApiKey.revoked_at.is_(None))
        )
        row = await self._one(statement)
        return None if row is None else KnownApiKey(_to_user(*row[:4]), *row[4:])

    async def note_use(self, key_id: int, now: datetime) -> None:
        await self._uow.session.execute(
            update(ApiKey).where(ApiKey.id == key_id).values(used_at=now),
            execution_options=NO_ORM,
        )

    async def _one(self, statement: Select[*tuple[Any, ...]]) -> Any:  # noqa: ANN401 - a row
        return (await self._uow.session.execute(statement)).one_or_none()


def _users() -> Select[*tuple[Any, ...]]:
    return select(User.id, User.role, User.telegram_id, User.service_id).where(
        User.merged_into.is_(None)
    )


def _to_user(user_id: int, role: str, telegram_id: int | None, service_id: int | None) -> KnownUser:
    return KnownUser(user_id, Role(role), telegram_id, service_id)
