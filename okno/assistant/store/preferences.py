"""Queries of what a user has chosen: where the next question goes."""

from typing import Any

from sqlalchemy import Select, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert

from okno.assistant.dto import AtHand, MessageRole
from okno.assistant.models import Conversation, Generation, Message, Preference
from okno.kit.uow import UnitOfWork


class PreferenceStore:
    """Reads and writes the table `preferences`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def lock(self, user_id: int) -> None:
        """Lock the user's row until the end of the transaction; it is made at the first time.

        Whoever changes what is at hand does so, and two at once wait for each other.
        """
        own = insert(Preference).values(user_id=user_id)
        await self._uow.session.execute(
            own.on_conflict_do_update(
                index_elements=[Preference.user_id], set_={"user_id": own.excluded.user_id}
            )
        )

    async def change(self, user_id: int, **values: str | int | None) -> None:
        await self._uow.session.execute(
            update(Preference).where(Preference.user_id == user_id).values(**values)
        )

    async def at_hand(self, user_id: int) -> AtHand:
        """Tell where the next question goes, what was said there last, and what is running."""
        result = await self._uow.session.execute(_AT_HAND, {"user_id": user_id})
        row = result.one_or_none()
        return AtHand(None, None, None) if row is None else AtHand(*row)


def _at_hand() -> Select[*tuple[Any, ...]]:
    newest = select(func.max(Message.id)).where(Message.conversation_id == Conversation.id)
    answer = newest.where(
        Message.role == MessageRole.ASSISTANT, Message.id > Conversation.context_from
    )
    question = newest.where(Message.role == MessageRole.USER)
    return (
        select(
            Conversation.id,
            func.coalesce(Conversation.model, Preference.model),
            func.coalesce(Conversation.persona, Preference.persona),
            func.coalesce(Conversation.context_from, 0),
            func.coalesce(Conversation.context_cut, False),
            func.coalesce(answer.scalar_subquery(), 0),
            func.coalesce(question.scalar_subquery(), 0),
            Generation.id,
            Generation.lease_until,
        )
        .select_from(Preference)
        .outerjoin(Conversation, Conversation.id == Preference.conversation_id)
        .outerjoin(Generation, Generation.user_id == Preference.user_id)
        .where(Preference.user_id == bindparam("user_id"))
    )


_AT_HAND = _at_hand()
"""Built once: it is asked several times per question, and building it costs more than asking."""
