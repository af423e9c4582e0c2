"""Queries of conversations. Every query by an id names the user, too."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert

from okno.assistant import dto
from okno.assistant.models import Conversation, Generation, Message
from okno.assistant.store.repeats import from_json, to_json
from okno.kit.page import AnySelect, Page, read_page
from okno.kit.uow import UnitOfWork
from okno.llm.dto import PromptMessage

_GREATEST_ID = 2**63 - 1


class ConversationStore:
    """Reads and writes the table `conversations`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def add(self, user_id: int, title: str, model: str, persona: str, now: datetime) -> int:
        statement = (
            insert(Conversation)
            .values(
                user_id=user_id,
                title=title,
                model=model,
                persona=persona,
                created_at=now,
                updated_at=now,
            )
            .returning(Conversation.id)
        )
        return (await self._uow.session.execute(statement)).scalar_one()

    async def get(self, user_id: int, conversation_id: int) -> dto.Conversation | None:
        """Find a conversation of this user; None for anybody else's."""
        if not 0 < conversation_id <= _GREATEST_ID:
            return None
        statement = _lines(user_id).where(Conversation.id == conversation_id)
        row = (await self._uow.session.execute(statement)).one_or_none()
        return None if row is None else dto.Conversation(*row)

    async def page(self, user_id: int, number: int, size: int) -> Page[dto.Conversation]:
        """Read the conversations of this user, the newest change first."""
        statement = _lines(user_id).order_by(Conversation.updated_at.desc(), Conversation.id.desc())
        page = await read_page(self._uow, statement, number=number, size=size)
        return page.map(lambda row: dto.Conversation(*row))

    async def lock(self, conversation_id: int) -> None:
        """Lock the row until the transaction ends."""
        await self._uow.session.execute(
            select(Conversation.id)
            .where(Conversation.id == conversation_id)
            .with_for_update(key_share=True)
        )

    async def given(self, conversation_id: int) -> tuple[PromptMessage, ...]:
        """Return the messages that a client has put in the place of the past."""
        statement = select(Conversation.given).where(Conversation.id == conversation_id)
        given = (await self._uow.session.execute(statement)).scalar_one()
        return () if given is None else from_json(given)

    async def begin_context(
        self, conversation_id: int, given: Sequence[PromptMessage] | None
    ) -> None:
        """Put these messages alone before the next question; the history keeps the others."""
        newest = select(func.max(Message.id)).where(Message.conversation_id == conversation_id)
        await self._uow.session.execute(
            update(Conversation)
            .where(Conversation.id == conversation_id)
            .values(
                context_from=func.coalesce(newest.scalar_subquery(), 0),
                context_cut=False,
                given=to_json(given) if given else None,
            ),
            execution_options={"synchronize_session": False},
        )

    async def change(self, conversation_id: int, **values: str | int | bool | datetime) -> None:
        await self._uow.session.execute(
            update(Conversation).where(Conversation.id == conversation_id).values(**values)
        )

    async def delete(self, conversation_id: int) -> None:
        await self._uow.session.execute(
            delete(Conversation).where(Conversation.id == conversation_id)
        )

    async def untouched(self, before: datetime, limit: int) -> list[tuple[int, int]]:
        """List (id, user id) of untouched conversations without a running generation."""
        statement = (
            select(Conversation.id, Conversation.user_id).where(*_untouched(before)).limit(limit)
        )
        return [(one, user_id) for one, user_id in await self._uow.session.execute(statement)]

    async def delete_untouched(self, conversation_ids: Sequence[int], before: datetime) -> int:
        """Delete those that are still untouched; return their number. The users are locked."""
        statement = (
            delete(Conversation)
            .where(Conversation.id.in_(conversation_ids), *_untouched(before))
            .returning(Conversation.id)
        )
        return len((await self._uow.session.execute(statement)).all())


def _untouched(before: datetime) -> tuple[ColumnElement[bool], ...]:
    is_running = exists().where(Generation.conversation_id == Conversation.id)
    return Conversation.updated_at < before, ~is_running


def _lines(user_id: int) -> AnySelect:
    return select(
        Conversation.id,
        Conversation.title,
        Conversation.model,
        Conversation.persona,
        Conversation.created_at,
        Conversation.updated_at,
    ).where(Conversation.user_id == user_id)
