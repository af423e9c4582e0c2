"""Queries of users who sign in with a password."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.dialects.postgresql import insert

from okno.accounts.dto import Language
from okno.accounts.models import User
from okno.kit.uow import NO_ORM, UnitOfWork


@dataclass(frozen=True, slots=True)
class KnownPassword:
    """The hash of a user's password, if there is one."""

    user_id: int
    login: str | None
    password_hash: str | None


class PasswordStore:
    """Reads and writes what the table `users` has of logins and passwords."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def add_user(
        self,
        login: str,
        username: str,
        password_hash: str,
        language: Language,
        now: datetime,
    ) -> int | None:
        """Insert a user; None: the login is taken."""
        statement = (
            insert(User)
            .values(
                login=login,
                password_hash=password_hash,
                username=username,
                first_name=username,
                language=language,
                registered_at=now,
                onboarded_at=now,
                last_seen_at=now,
            )
            .on_conflict_do_nothing(index_elements=[User.login])
            .returning(User.id)
        )
        return await self._uow.session.scalar(statement)

    async def get(self, user_id: int) -> KnownPassword | None:
        return await self._find(User.id == user_id)

    async def find_by_login(self, login: str) -> KnownPassword | None:
        return await self._find(User.login == login)

    async def find_by_telegram_id(self, telegram_id: int) -> KnownPassword | None:
        return await self._find(User.telegram_id == telegram_id)

    async def lock(self, user_id: int, password_hash: str) -> bool:
        """Keep others from changing the user; False: the password has been changed."""
        statement = (
            select(User.id)
            .where(User.id == user_id, User.password_hash == password_hash)
            .with_for_update(key_share=True)
        )
        return await self._uow.session.scalar(statement) is not None

    async def set(self, user_id: int, password_hash: str) -> bool:
        """Store a password; False: there is no such user."""
        statement = (
            update(User)
            .where(User.id == user_id)
            .values(password_hash=password_hash)
            .returning(User.id)
        )
        return await self._uow.session.scalar(statement, execution_options=NO_ORM) is not None

    async def _find(self, which: ColumnElement[bool]) -> KnownPassword | None:
        statement = select(User.id, User.login, User.password_hash).where(which)
        row = (await self._uow.session.execute(statement)).one_or_none()
        return None if row is None else KnownPassword(*row)
