"""Queries that move the data of one user to another. Both users are locked."""

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import aliased

from okno.assistant.models import AskedOnce, Conversation, Preference
from okno.kit.uow import UnitOfWork

_NO_ORM = {"synchronize_session": False}
_Given = aliased(Preference)


class JoiningStore:
    """Moves conversations, idempotency keys and preferences to another user."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def move_conversations(self, source: int, target: int) -> None:
        await self._uow.session.execute(
            update(Conversation).where(Conversation.user_id == source).values(user_id=target),
            execution_options=_NO_ORM,
        )

    async def move_asked_once(self, source: int, target: int) -> None:
        """Move idempotency keys; of a key that both have used, the target's stays."""
        known = select(AskedOnce.key).where(AskedOnce.user_id == target)
        await self._uow.session.execute(
            update(AskedOnce)
            .where(AskedOnce.user_id == source, AskedOnce.key.not_in(known))
            .values(user_id=target),
            execution_options=_NO_ORM,
        )
        await self._uow.session.execute(
            delete(AskedOnce).where(AskedOnce.user_id == source), execution_options=_NO_ORM
        )

    async def move_preferences(self, source: int, target: int) -> None:
        """Fill the gaps of the target with choices of the source; both rows are there."""
        chosen = {
            name: func.coalesce(
                getattr(Preference, name),
                select(getattr(_Given, name)).where(_Given.user_id == source).scalar_subquery(),
            )
            for name in ("conversation_id", "model", "persona")
        }
        await self._uow.session.execute(
            update(Preference).where(Preference.user_id == target).values(**chosen),
            execution_options=_NO_ORM,
        )
        await self._uow.session.execute(
            delete(Preference).where(Preference.user_id == source), execution_options=_NO_ORM
        )
