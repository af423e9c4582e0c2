"""Queries of users. Every method is one statement, so that two at once can do no harm."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from okno.accounts.dto import Language, TelegramProfile
from okno.accounts.models import User
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

    async def find_by_username(self, username: str) -> User | None:
        """Return who was seen last under this name, which may have been another's before."""
        statement = (
            select(User)
            .where(func.lower(User.username) == username.lower())
            .order_by(User.last_seen_at.desc())
            .limit(1)
        )
        return (await self._uow.session.scalars(statement)).one_or_none()

    async def count(self, since: datetime) -> tuple[int, int]:
        """Count all users, and those seen since then."""
        statement = select(
            func.count(), func.count().filter(User.last_seen_at >= since)
        ).select_from(User)
        users, seen = (await self._uow.session.execute(statement)).one()
        return users, seen

    async def pin(self, user_id: int) -> User | None:
        return await self._pin(User.id == user_id)

    async def pin_telegram(self, telegram_id: int) -> User | None:
        return await self._pin(User.telegram_id == telegram_id)

    async def set_language(self, user_id: int, language: Language) -> User | None:
        return await self._change(User.id == user_id, language=language)

    async def set_onboarded(self, user_id: int, language: Language, now: datetime) -> User | None:
        return await self._change(User.id == user_id, language=language, onboarded_at=now)

    async def set_unreachable(self, telegram_id: int, since: datetime | None) -> User | None:
        return await self._change(User.telegram_id == telegram_id, unreachable_since=since)

    async def delete(self, user_id: int) -> int | None:
        """Delete the user; return the Telegram id that is free now."""
        return await self._uow.session.scalar(
            delete(User).where(User.id == user_id).returning(User.telegram_id)
        )

    async def _pin(self, which: Any) -> User | None:  # noqa: ANN401 - SQL
        """Lock against deletion alone: every other change of the user goes on."""
        statement = select(User).where(which).with_for_update(read=True, key_share=True)
        return (await self._uow.session.scalars(statement)).one_or_none()

    async def _change(self, which: Any, **values: Any) -> User | None:  # noqa: ANN401 - SQL
        statement = update(User).where(which).values(**values).returning(User)
        return (await self._uow.session.scalars(statement)).one_or_none()


def _names(profile: TelegramProfile) -> dict[str, str | None]:
    return {
        "username": profile.username,
        "first_name": profile.first_name,
        "last_name": profile.last_name,
    }
