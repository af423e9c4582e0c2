"""Queries of questions and answers."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, case, func, null, select, update
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import aliased

from okno.assistant import dto
from okno.assistant.dto import ContextMessage, Exchange, MessageRole, MessageStatus, PastExchange
from okno.assistant.models import Message
from okno.kit.page import AnySelect, Page, read_page
from okno.kit.uow import UnitOfWork
from okno.llm.dto import PromptMessage, PromptRole, Usage

_Answer = aliased(Message)


class MessageStore:
    """Reads and writes the table `messages`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def fail_question(self, question_id: int, failure: str) -> bool:
        """Store that a question has no answer; return False if it did not wait for one."""
        statement = (
            update(Message)
            .where(Message.id == question_id, Message.status == MessageStatus.PENDING)
            .values(status=MessageStatus.FAILED, failure=failure)
            .returning(Message.id)
        )
        return (await self._uow.session.execute(statement)).scalar_one_or_none() is not None

    async def answer_to(self, question_id: int) -> tuple[dto.Message, Usage] | None:
        """Return the answer, with what was billed for it."""
        usage = (Message.input_tokens, Message.output_tokens, Message.estimated)
        statement = select(*usage, *_columns()).where(Message.question_id == question_id)
        row = (await self._uow.session.execute(statement)).one_or_none()
        return None if row is None else (_to_message(row[3:]), Usage(*row[:3]))

    async def question(self, question_id: int) -> dto.Message | None:
        statement = select(*_columns()).where(Message.id == question_id)
        row = (await self._uow.session.execute(statement)).one_or_none()
        return None if row is None else _to_message(row)

    async def newest(self, conversation_id: int) -> Exchange | None:
        """Read the last question, with its answer if there is one."""
        statement = _exchanges(conversation_id).order_by(Message.id.desc()).limit(1)
        row = (await self._uow.session.execute(statement)).one_or_none()
        return None if row is None else _to_exchange(row)

    async def exchanges(self, conversation_id: int, number: int, size: int) -> Page[Exchange]:
        """Read a page of the conversation, in its order."""
        statement = _exchanges(conversation_id).order_by(Message.id)
        page = await read_page(self._uow, statement, number=number, size=size)
        return page.map(_to_exchange)

    async def newest_of_each(
        self, conversation_ids: Sequence[int], limit: int
    ) -> dict[int, tuple[Exchange, ...]]:
        """Read the last `limit` exchanges of each conversation, in their order."""
        wanted = select(func.unnest(array(conversation_ids, type_=BigInteger)).label("id")).cte()
        newest = _exchanges(wanted.c.id).order_by(Message.id.desc()).limit(limit).lateral()
        found: dict[int, list[Exchange]] = {one: [] for one in conversation_ids}
        rows = await self._uow.session.execute(select(wanted.c.id, *newest.c))
        for conversation_id, *exchange in rows:
            found[conversation_id].append(_to_exchange(exchange))
        return {one: tuple(reversed(exchanges)) for one, exchanges in found.items()}

    async def all_exchanges(self, conversation_id: int) -> Sequence[Exchange]:
        statement = _exchanges(conversation_id).order_by(Message.id)
        return [_to_exchange(row) for row in await self._uow.session.execute(statement)]

    async def answered(
        self, conversation_id: int, context_from: int, limit: int
    ) -> list[PastExchange]:
        """Read the newest answered exchanges of the context, the oldest of them first.

        Tokens are None where they are not known exactly.
        """
        statement = (
            select(
                Message.text,
                Message.input_tokens,
                _Answer.text,
                case((_Answer.estimated, null()), else_=_Answer.output_tokens),
                _Answer.model,
            )
            .join(_Answer, _Answer.question_id == Message.id)
            .where(_Answer.conversation_id == conversation_id, _Answer.id > context_from)
            .order_by(_Answer.id.desc())
            .limit(limit)
        )
        rows = (await self._uow.session.execute(statement)).all()
        return [_to_past_exchange(*row) for row in reversed(rows)]


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


def _exchanges(conversation_id: int | ColumnElement[int]) -> AnySelect:
    return (
        select(*_columns(), *_columns(_Answer))
        .outerjoin(_Answer, _Answer.question_id == Message.id)
        .where(Message.conversation_id == conversation_id, Message.role == MessageRole.USER)
    )


def _to_exchange(row: Sequence[Any]) -> Exchange:
    half = len(row) // 2
    question, answer = row[:half], row[half:]
    return Exchange(_to_message(question), None if answer[0] is None else _to_message(answer))


def _to_past_exchange(
    question: str, asked_tokens: int | None, answer: str, answered_tokens: int | None, model: str
) -> PastExchange:
    return PastExchange(
        ContextMessage(PromptMessage(PromptRole.USER, question), asked_tokens),
        ContextMessage(PromptMessage(PromptRole.ASSISTANT, answer), answered_tokens),
        model,
    )


def _to_message(values: Any) -> dto.Message:  # noqa: ANN401 - a row, or a part of one
    message_id, role, text, status, failure, cost, created_at = values
    return dto.Message(
        message_id, MessageRole(role), text, MessageStatus(status), failure, cost, created_at
    )
