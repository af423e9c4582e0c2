"""Queries of questions and answers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, null, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from okno.assistant import dto
from okno.assistant.dto import Exchange, MessageRole, MessageStatus
from okno.assistant.models import Message
from okno.assistant.store.paging import AnyRow, AnySelect, read_page
from okno.kit.page import Page
from okno.kit.uow import UnitOfWork

_Answer = aliased(Message)


class MessageStore:
    """Reads and writes the table `messages`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def add_question(self, conversation_id: int, text: str, now: datetime) -> int:
        statement = (
            insert(Message)
            .values(
                conversation_id=conversation_id,
                role=MessageRole.USER,
                text=text,
                status=MessageStatus.PENDING,
                created_at=now,
            )
            .returning(Message.id)
        )
        return (await self._uow.session.execute(statement)).scalar_one()

    async def reopen_question(self, question_id: int) -> bool:
        """Let a failed question wait for an answer again; False when it has not failed."""
        return await self._change_question(
            question_id, MessageStatus.FAILED, status=MessageStatus.PENDING, failure=None
        )

    async def fail_question(self, question_id: int, failure: str) -> bool:
        """Note that there is no answer; False when the question did not wait for one."""
        return await self._change_question(
            question_id, MessageStatus.PENDING, status=MessageStatus.FAILED, failure=failure
        )

    async def close_question(self, question_id: int, tokens: int | None) -> None:
        """Note that the answer is stored, and what the question added to the prompt."""
        await self._change_question(
            question_id, MessageStatus.PENDING, status=MessageStatus.DONE, input_tokens=tokens
        )

    async def add_answer(self, **values: str | int | bool | datetime | None) -> dto.Message:
        statement = (
            insert(Message).values(role=MessageRole.ASSISTANT, **values).returning(*_columns())
        )
        return _to_message((await self._uow.session.execute(statement)).one())

    async def answer_to(self, question_id: int) -> dto.Message | None:
        statement = select(*_columns()).where(Message.question_id == question_id)
        row = (await self._uow.session.execute(statement)).one_or_none()
        return None if row is None else _to_message(row)

    async def question(self, question_id: int) -> dto.Message | None:
        statement = select(*_columns()).where(Message.id == question_id)
        row = (await self._uow.session.execute(statement)).one_or_none()
        return None if row is None else _to_message(row)

    async def newest_id(self, conversation_id: int) -> int:
        """Return the id of the last message; 0 when there is none."""
        statement = select(func.coalesce(func.max(Message.id), 0)).where(
            Message.conversation_id == conversation_id
        )
        return (await self._uow.session.execute(statement)).scalar_one()

    async def newest(self, conversation_id: int) -> Exchange | None:
        """Read the last question, with its answer if there is one."""
        statement = _exchanges(conversation_id).order_by(Message.id.desc()).limit(1)
        row = (await self._uow.session.execute(statement)).one_or_none()
        return None if row is None else _to_exchange(row)

    async def exchanges(self, conversation_id: int, number: int, size: int) -> Page[Exchange]:
        """Read a page of the conversation, in its order."""
        statement = _exchanges(conversation_id).order_by(Message.id)
        page = await read_page(self._uow, statement, number=number, size=size)
        return Page(tuple(map(_to_exchange, page.items)), page.number, page.total, page.size)

    async def all_exchanges(self, conversation_id: int) -> Sequence[Exchange]:
        statement = _exchanges(conversation_id).order_by(Message.id)
        return [_to_exchange(row) for row in await self._uow.session.execute(statement)]

    async def answered(
        self, conversation_id: int, context_from: int, limit: int
    ) -> Sequence[AnyRow]:
        """Read the newest answered exchanges of the context, the oldest of them first.

        Each row: question, its tokens, answer id, answer, its tokens, the model that gave it.
        Tokens are None where they are not known exactly.
        """
        statement = (
            select(
                Message.text,
                Message.input_tokens,
                _Answer.id,
                _Answer.text,
                case((_Answer.estimated, null()), else_=_Answer.output_tokens),
                _Answer.model,
            )
            .join(_Answer, _Answer.question_id == Message.id)
            .where(_Answer.conversation_id == conversation_id, _Answer.id > context_from)
            .order_by(_Answer.id.desc())
            .limit(limit)
        )
        return (await self._uow.session.execute(statement)).all()[::-1]

    async def _change_question(
        self, question_id: int, only: MessageStatus, **values: str | int | None
    ) -> bool:
        statement = (
            update(Message)
            .where(Message.id == question_id, Message.status == only)
            .values(**values)
            .returning(Message.id)
        )
        return (await self._uow.session.execute(statement)).scalar_one_or_none() is not None


def _columns(table: Any = Message) -> tuple[Any, ...]:  # noqa: ANN401 - a table or its alias
    """Name the columns of a `dto.Message`, in its order."""
    return (
        table.id,
        table.role,
        table.text,
        table.status,
        table.failure,
        table.cost,
        table.created_at,
    )


def _exchanges(conversation_id: int) -> AnySelect:
    return (
        select(*_columns(), *_columns(_Answer))
        .outerjoin(_Answer, _Answer.question_id == Message.id)
        .where(Message.conversation_id == conversation_id, Message.role == MessageRole.USER)
    )


def _to_exchange(row: AnyRow) -> Exchange:
    half = len(row) // 2
    question, answer = row[:half], row[half:]
    return Exchange(_to_message(question), None if answer[0] is None else _to_message(answer))


def _to_message(values: Any) -> dto.Message:  # noqa: ANN401 - a row, or a part of one
    message_id, role, text, status, failure, cost, created_at = values
    return dto.Message(
        message_id, MessageRole(role), text, MessageStatus(status), failure, cost, created_at
    )
