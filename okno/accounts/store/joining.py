"""Queries that join two accounts."""

from typing import Any

from sqlalchemy import func, select, update

from okno.accounts.models import ApiKey, User
from okno.accounts.store.users import IDENTITIES, UserIdentities, to_identities
from okno.kit.actor import Role
from okno.kit.uow import NO_ORM, UnitOfWork

_OF_TELEGRAM = (
    User.telegram_id,
    User.username,
    User.first_name,
    User.last_name,
    User.language,
    User.onboarded_at,
    User.last_seen_at,
    User.unreachable_since,
)
"""The columns that a user has from Telegram."""


class JoiningStore:
    """Locks both users, and moves what one has to the other."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def lock(self, *user_ids: int) -> dict[int, UserIdentities]:
        """Lock them in the order of their ids; wait for all who have pinned one of them."""
        statement = (
            select(*IDENTITIES).where(User.id.in_(user_ids)).order_by(User.id).with_for_update()
        )
        rows = await self._uow.session.execute(statement)
        return {row.id: to_identities(row) for row in rows}

    async def hand_over(self, source_id: int, target_id: int, role: Role) -> None:
        """Give `target_id` the Telegram identity; leave a husk behind. Both users are locked."""
        statement = select(*_OF_TELEGRAM, User.registered_at).where(User.id == source_id)
        *of_telegram, registered_at = (await self._uow.session.execute(statement)).one()
        # The husk first: a Telegram id is unique.
        await self._change(
            source_id,
            merged_into=target_id,
            telegram_id=None,
            username=None,
            first_name="",
            last_name=None,
            role=Role.USER,
        )
        await self._change(
            target_id,
            **{column.key: value for column, value in zip(_OF_TELEGRAM, of_telegram, strict=True)},
            role=role,
            registered_at=func.least(User.registered_at, registered_at),
        )

    async def move_api_keys(self, source: int, target: int) -> None:
        await self._uow.session.execute(
            update(ApiKey).where(ApiKey.user_id == source).values(user_id=target),
            execution_options=NO_ORM,
        )

    async def _change(self, user_id: int, **values: Any) -> None:  # noqa: ANN401 - columns
        await self._uow.session.execute(
            update(User).where(User.id == user_id).values(**values), execution_options=NO_ORM
        )
