"""Queries of preferences: the current conversation, model and persona."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert

from okno.assistant.dto import CurrentConversation, MessageRole
from okno.assistant.models import Conversation, Generation, Message, Preference
from okno.kit.uow import UnitOfWork


class PreferenceStore:
    """Reads and writes the table `preferences`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def lock(self, user_id: int) -> None:
        """Lock the user's row until the end of the transaction; it is made at the first time.

        Every change of the current conversation does so: two at once wait for each other.
        """
        own = insert(Preference).values(user_id=user_id)
        await self._uow.session.execute(
            own.on_conflict_do_update(
                index_elements=[Preference.user_id], set_={"user_id": own.excluded.user_id}
            )
        )

    async def lock_many(self, user_ids: Sequence[int]) -> dict[int, CurrentConversation]:
        """Lock the rows of users who have one, always in one order, and return their contents.

        The result has only what `revision` does not cover: conversation and generation.
        """
        rows = await self._uow.fetch(_LOCK_MANY, user_ids)
        return {
            user_id: CurrentConversation(
                revision, conversation_id, generation_id=running, lease_until=until
            )
            for user_id, revision, conversation_id, running, until in rows
        }

    async def change(self, user_id: int, **values: str | int | None) -> None:
        """Change preferences, or with no values only count the revision."""
        await self._uow.session.execute(
            update(Preference)
            .where(Preference.user_id == user_id)
            .values(revision=Preference.revision + 1, **values)
        )

    async def current(self, user_id: int) -> CurrentConversation:
        """Read the current conversation, its last question and the running generation."""
        result = await self._uow.session.execute(_CURRENT, {"user_id": user_id})
        row = result.one_or_none()
        return CurrentConversation() if row is None else CurrentConversation(*row)


def _current() -> Select[*tuple[Any, ...]]:
    newest = select(func.max(Message.id)).where(Message.conversation_id == Conversation.id)
    answer = newest.where(
        Message.role == MessageRole.ASSISTANT, Message.id > Conversation.context_from
    )
    question = newest.where(Message.role == MessageRole.USER)
    return (
        select(
            Preference.revision,
            Conversation.id,
            func.coalesce(Conversation.model, Preference.model),
            func.coalesce(Conversation.persona, Preference.persona),
            func.coalesce(Conversation.context_from, 0),
            func.coalesce(Conversation.context_cut, False),
            and_(answer.scalar_subquery().is_(None), Conversation.given.is_(None)),
            func.coalesce(question.scalar_subquery(), 0),
            Generation.id,
            Generation.lease_until,
        )
        .select_from(Preference)
        .outerjoin(Conversation, Conversation.id == Preference.conversation_id)
        .outerjoin(Generation, Generation.user_id == Preference.user_id)
        .where(Preference.user_id == bindparam("user_id"))
    )


_CURRENT = _current()
"""Built once: it is asked several times per question, and building it costs more than asking."""

_LOCK_MANY = """
SELECT preferences.user_id, revision, preferences.conversation_id, generations.id, lease_until
FROM preferences LEFT JOIN generations USING (user_id)
WHERE preferences.user_id = ANY ($1::bigint[])
ORDER BY preferences.user_id FOR NO KEY UPDATE OF preferences
"""
