"""Queries of users. Every method is one statement, so that two at once can do no harm."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from okno.accounts.dto import Language, TelegramProfile
from okno.accounts.models import User
from okno.kit.actor import Role
from okno.kit.uow import UnitOfWork


class UserStore:
    """Reads and writes the table `users` within the open transaction."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def add(self, profile: TelegramProfile, language: Language, now: datetime) -> User:
        """Insert the user; one who exists already is returned with the names refreshed."""
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
            .returning(User)
        )
        return (await self._uow.session.scalars(statement)).one()

    async def refresh(self, profile: TelegramProfile, now: datetime) -> User | None:
        """Store what Telegram shows now. Who writes to the bot can be reached again."""
        return await self._change(
            User.telegram_id == profile.telegram_id,
            **_names(profile),
            last_seen_at=now,
            unreachable_since=None,
        )

    async def get(self, user_id: int) -> User | None:
        return await self._uow.session.get(User, user_id)

    async def find(self, telegram_id: int) -> User | None:
        return (
            await self._uow.session.scalars(select(User).where(User.telegram_id == telegram_id))
        ).one_or_none()

    async def find_by_login(self, login: str) -> User | None:
        return (
            await self._uow.session.scalars(select(User).where(User.login == login))
        ).one_or_none()

    async def find_by_username(self, username: str) -> User | None:
        """Return who was seen last under this name in Telegram; it may have been another's before.

        A name that was typed on the web proves nothing, so it is not looked at.
        """
        statement = (
            select(User)
            .where(func.lower(User.username) == username.lower(), User.telegram_id.is_not(None))
            .order_by(User.last_seen_at.desc())
            .limit(1)
        )
        return (await self._uow.session.scalars(statement)).one_or_none()

    async def count(self, since: datetime) -> tuple[int, int]:
        """Count all users, and those seen since then; husks are none of them."""
        statement = select(func.count(), func.count().filter(User.last_seen_at >= since)).where(
            User.merged_into.is_(None)
        )
        users, seen = (await self._uow.session.execute(statement)).one()
        return users, seen

    async def pin(self, user_id: int) -> User | None:
        return await self._pin(User.id == user_id, User.merged_into.is_(None))

    async def pin_many(self, user_ids: Sequence[int]) -> set[int]:
        """Do the same for many, always in one order; return who is there."""
        rows = await self._uow.fetch(
            "SELECT id FROM users WHERE id = ANY($1::bigint[]) AND merged_into IS NULL "
            "ORDER BY id FOR KEY SHARE",
            user_ids,
        )
        return {user_id for (user_id,) in rows}

    async def pin_telegram(self, telegram_id: int) -> User | None:
        return await self._pin(User.telegram_id == telegram_id)

    async def lock(self, user_id: int) -> bool:
        """Let nobody else change the user, nor add to what is counted; False: there is none."""
        statement = select(User.id).where(User.id == user_id).with_for_update(key_share=True)
        return await self._uow.session.scalar(statement) is not None

    async def set_role(self, user_id: int, role: Role) -> User | None:
        return await self._change(User.id == user_id, role=role)

    async def set_language(self, user_id: int, language: Language) -> User | None:
        return await self._change(User.id == user_id, language=language)

    async def set_onboarded(self, user_id: int, language: Language, now: datetime) -> User | None:
        return await self._change(User.id == user_id, language=language, onboarded_at=now)

    async def set_unreachable(self, telegram_id: int, since: datetime | None) -> User | None:
        return await self._change(User.telegram_id == telegram_id, unreachable_since=since)

    async def delete(self, user_id: int) -> int | None:
        """Delete the user, and his husks with him; return the Telegram id that is free now.

        A husk goes with the account that it was joined to alone: it has its ledger.
        """
        return await self._uow.session.scalar(
            delete(User)
            .where(User.id == user_id, User.merged_into.is_(None))
            .returning(User.telegram_id)
        )

    async def _pin(self, *which: ColumnElement[bool]) -> User | None:
        """Lock against deletion alone: every other change of the user goes on."""
        statement = select(User).where(*which).with_for_update(read=True, key_share=True)
        return (await self._uow.session.scalars(statement)).one_or_none()

    async def _change(
        self,
        which: ColumnElement[bool],
        **values: Any,  # noqa: ANN401 - columns
    ) -> User | None:
        statement = update(User).where(which).values(**values).returning(User)
        return (await self._uow.session.scalars(statement)).one_or_none()


def _names(profile: TelegramProfile) -> dict[str, str | None]:
    return {
        "username": profile.username,
        "first_name": profile.first_name,
        "last_name": profile.last_name,
    }
