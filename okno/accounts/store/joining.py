"""Queries that make one account of two."""

from typing import Any

from sqlalchemy import func, select, update

from okno.accounts.models import ApiKey, User
from okno.kit.uow import UnitOfWork

_NO_ORM = {"synchronize_session": False}
_TELEGRAM = (
    "telegram_id",
    "username",
    "first_name",
    "last_name",
    "language",
    "onboarded_at",
    "last_seen_at",
    "unreachable_since",
)
"""What a user has from Telegram."""


class JoiningStore:
    """Locks both users, and lets one be the other from then on."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def find(self, *user_ids: int) -> dict[int, User]:
        statement = select(User).where(User.id.in_(user_ids))
        return {user.id: user for user in await self._uow.session.scalars(statement)}

    async def lock(self, *user_ids: int) -> dict[int, User]:
        """Lock them in the order of their ids; wait for all who have pinned one of them."""
        statement = (
            select(User)
            .where(User.id.in_(user_ids))
            .order_by(User.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        return {user.id: user for user in await self._uow.session.scalars(statement)}

    async def hand_over(self, source: User, target: User, role: str) -> None:
        """Give the Telegram identity, which is unique; leave a husk behind."""
        given = {name: getattr(source, name) for name in _TELEGRAM}
        await self._change(
            source.id,
            merged_into=target.id,
            telegram_id=None,
            username=None,
            first_name="",
            last_name=None,
            role="user",
        )
        registered_at = func.least(User.registered_at, source.registered_at)
        await self._change(target.id, **given, role=role, registered_at=registered_at)

    async def move_api_keys(self, source: int, target: int) -> None:
        await self._uow.session.execute(
            update(ApiKey).where(ApiKey.user_id == source).values(user_id=target),
            execution_options=_NO_ORM,
        )

    async def _change(self, user_id: int, **values: Any) -> None:  # noqa: ANN401 - columns
        await self._uow.session.execute(
            update(User).where(User.id == user_id).values(**values), execution_options=_NO_ORM
        )
