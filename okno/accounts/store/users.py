"""Queries of users. Every method is one statement, so that two at once can't collide."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from okno.accounts.dto import Account, AccountDetails, Language, TelegramProfile
from okno.accounts.models import User
from okno.kit.actor import Role
from okno.kit.page import AnyRow
from okno.kit.uow import NO_ORM, UnitOfWork

_ACCOUNT = (
    User.id,
    User.telegram_id,
    User.first_name,
    User.last_name,
    User.username,
    User.language,
    User.role,
    User.onboarded_at,
    User.registered_at,
)
IDENTITIES = (
    User.id,
    User.telegram_id,
    User.login,
    User.password_hash,
    User.service_id,
    User.external_id,
    User.role,
)
_DETAILS = (
    *_ACCOUNT,
    User.login,
    User.password_hash,
    User.last_seen_at,
    User.unreachable_since,
)


@dataclass(frozen=True, slots=True)
class UserIdentities:
    """The ways by which a user is recognised, and the role."""

    user_id: int
    telegram_id: int | None
    login: str | None
    has_password: bool
    service_id: int | None
    external_id: str | None
    role: Role

    @property
    def is_telegram_account(self) -> bool:
        """The user is recognised in Telegram and nowhere else."""
        return self.telegram_id is not None and self.login is None and not self.has_password

    @property
    def is_web_account(self) -> bool:
        """The user signs in with a login, and Telegram does not know the user."""
        return self.login is not None and self.telegram_id is None

    def __str__(self) -> str:
        """Name the user as `telegram:7001`, the same after a deletion and a new registration."""
        if self.telegram_id is not None:
            return f"telegram:{self.telegram_id}"
        if self.login is not None:
            return f"login:{self.login}"
        return f"service:{self.service_id}:{self.external_id}"


class UserStore:
    """Reads and writes the table `users` within the open transaction."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def add(self, profile: TelegramProfile, language: Language, now: datetime) -> Account:
        """Insert a user, or refresh the names of one who exists."""
        names = _names(profile)
        statement = (
            insert(User)
            .values(
                telegram_id=profile.telegram_id,
                language=language,
                registered_at=now,
                last_seen_at=now,
                **names,
            )
            .on_conflict_do_update(
                index_elements=[User.telegram_id], set_={**names, "last_seen_at": now}
            )
            .returning(*_ACCOUNT)
        )
        return _to_account((await self._uow.session.execute(statement)).one())

    async def refresh(self, profile: TelegramProfile, now: datetime) -> Account | None:
        """Store the names that Telegram shows now, and that the user can be reached."""
        return await self._change(
            User.telegram_id == profile.telegram_id,
            **_names(profile),
            last_seen_at=now,
            unreachable_since=None,
        )

    async def get(self, user_id: int) -> Account | None:
        return await self._find(User.id == user_id)

    async def find(self, telegram_id: int) -> Account | None:
        return await self._find(User.telegram_id == telegram_id)

    async def find_by_login(self, login: str) -> Account | None:
        return await self._find(User.login == login)

    async def find_by_username(self, username: str) -> Account | None:
        """Return the user who was seen last under this name in Telegram.

        The name may have been another user's before. A name that was typed on the web proves
        nothing, so it is left out.
        """
        statement = (
            select(*_ACCOUNT)
            .where(func.lower(User.username) == username.lower(), User.telegram_id.is_not(None))
            .order_by(User.last_seen_at.desc())
            .limit(1)
        )
        row = (await self._uow.session.execute(statement)).one_or_none()
        return None if row is None else _to_account(row)

    async def details(self, user_id: int) -> AccountDetails | None:
        statement = select(*_DETAILS).where(User.id == user_id)
        row = (await self._uow.session.execute(statement)).one_or_none()
        return None if row is None else _to_details(row)

    async def count(self, since: datetime) -> tuple[int, int]:
        """Count all users, and those seen since then; husks are left out."""
        statement = select(func.count(), func.count().filter(User.last_seen_at >= since)).where(
            User.merged_into.is_(None)
        )
        users, seen = (await self._uow.session.execute(statement)).one()
        return users, seen

    async def pin(self, user_id: int) -> UserIdentities | None:
        """Lock the user against deletion alone: every other change goes on. Husks are left out."""
        statement = (
            select(*IDENTITIES)
            .where(User.id == user_id, User.merged_into.is_(None))
            .with_for_update(read=True, key_share=True)
        )
        row = (await self._uow.session.execute(statement)).one_or_none()
        return None if row is None else to_identities(row)

    async def pin_many(self, user_ids: Sequence[int]) -> set[int]:
        """Pin many users, always in one order; return those who exist."""
        rows = await self._uow.fetch(
            "SELECT id FROM users WHERE id = ANY($1::bigint[]) AND merged_into IS NULL "
            "ORDER BY id FOR KEY SHARE",
            user_ids,
        )
        return {user_id for (user_id,) in rows}

    async def pin_telegram(self, telegram_id: int) -> int | None:
        """Pin the user with this Telegram id; return the user's id."""
        statement = (
            select(User.id)
            .where(User.telegram_id == telegram_id)
            .with_for_update(read=True, key_share=True)
        )
        return await self._uow.session.scalar(statement)

    async def lock(self, user_id: int) -> bool:
        """Keep others from changing the user, or adding to what is counted; False: no such user."""
        statement = select(User.id).where(User.id == user_id).with_for_update(key_share=True)
        return await self._uow.session.scalar(statement) is not None

    async def set_role(self, user_id: int, role: Role) -> Account | None:
        return await self._change(User.id == user_id, role=role)

    async def set_language(self, user_id: int, language: Language) -> Account | None:
        return await self._change(User.id == user_id, language=language)

    async def set_onboarded(
        self, user_id: int, language: Language, now: datetime
    ) -> Account | None:
        return await self._change(User.id == user_id, language=language, onboarded_at=now)

    async def set_unreachable(self, telegram_id: int, since: datetime | None) -> Account | None:
        return await self._change(User.telegram_id == telegram_id, unreachable_since=since)

    async def delete(self, user_id: int) -> int | None:
        """Delete the user and the user's husks; return the Telegram id that is free now.

        A husk itself is not deleted: it goes with the account that it was joined to, whose ledger
        it holds a part of.
        """
        return await self._uow.session.scalar(
            delete(User)
            .where(User.id == user_id, User.merged_into.is_(None))
            .returning(User.telegram_id)
        )

    async def _find(self, which: ColumnElement[bool]) -> Account | None:
        row = (await self._uow.session.execute(select(*_ACCOUNT).where(which))).one_or_none()
        return None if row is None else _to_account(row)

    async def _change(
        self,
        which: ColumnElement[bool],
        **values: Any,  # noqa: ANN401 - columns
    ) -> Account | None:
        statement = update(User).where(which).values(**values).returning(*_ACCOUNT)
        row = (await self._uow.session.execute(statement, execution_options=NO_ORM)).one_or_none()
        return None if row is None else _to_account(row)


def to_identities(row: AnyRow) -> UserIdentities:
    return UserIdentities(
        user_id=row.id,
        telegram_id=row.telegram_id,
        login=row.login,
        has_password=row.password_hash is not None,
        service_id=row.service_id,
        external_id=row.external_id,
        role=Role(row.role),
    )


def _to_account(row: AnyRow) -> Account:
    return Account(
        user_id=row.id,
        telegram_id=row.telegram_id,
        first_name=row.first_name,
        last_name=row.last_name,
        username=row.username,
        language=Language(row.language),
        role=Role(row.role),
        onboarded=row.onboarded_at is not None,
        registered_at=row.registered_at,
    )


def _to_details(row: AnyRow) -> AccountDetails:
    return AccountDetails(
        user_id=row.id,
        login=row.login,
        has_password=row.password_hash is not None,
        telegram_id=row.telegram_id,
        username=row.username,
        first_name=row.first_name,
        last_name=row.last_name,
        language=Language(row.language),
        role=Role(row.role),
        registered_at=row.registered_at,
        onboarded_at=row.onboarded_at,
        last_seen_at=row.last_seen_at,
        unreachable_since=row.unreachable_since,
    )


def _names(profile: TelegramProfile) -> dict[str, str | None]:
    return {
        "username": profile.username,
        "first_name": profile.first_name,
        "last_name": profile.last_name,
    }
