"""Queries of the search in the messages of a user."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, literal_column, select
from sqlalchemy.orm import aliased

from okno.assistant.dto import Found, MessageRole
from okno.assistant.models import Conversation, Message
from okno.kit.page import Page, read_page
from okno.kit.uow import UnitOfWork

_CONFIGURATION: ColumnElement[Any] = literal_column("'russian'::regconfig")
_HEADLINE = 'StartSel="", StopSel="", MinWords=8, MaxWords=24, MaxFragments=1'
_NO_INDEX = ("", "T")
"""Results of `querytree` for queries that the index does not help with."""
_LONGEST_TEXT = 20_000
"""Characters of a text in which the excerpt is looked for: longer ones would take too long."""

_Question = aliased(Message)


class SearchStore:
    """Finds messages by the words that they hold, in any of their forms."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def find(self, user_id: int, query: str, number: int, size: int) -> Page[Found]:
        """Find messages of this user, the newest first.

        The query may hold "phrases", `or` and -exclusions; anything else is a word.
        Exclusions alone find nothing: they would read all messages of all users.
        """
        wanted = func.websearch_to_tsquery(_CONFIGURATION, query)
        hits = (
            select(Message.id)
            .join(Conversation, Conversation.id == Message.conversation_id)
            .where(
                Conversation.user_id == user_id,
                Message.search.bool_op("@@")(wanted),
                func.querytree(wanted).not_in(_NO_INDEX),
            )
            .order_by(Message.id.desc())
        )
        page = await read_page(self._uow, hits, number=number, size=size)
        found = await self._describe([message_id for (message_id,) in page.items], wanted)
        return Page(tuple(found), page.number, page.total, page.size)

    async def _describe(
        self, message_ids: Sequence[int], wanted: ColumnElement[Any]
    ) -> Sequence[Found]:
        """Read place and excerpt, which are costly, for the hits of one page alone."""
        exchange = (
            select(func.count())
            .where(
                _Question.conversation_id == Message.conversation_id,
                _Question.role == MessageRole.USER,
                _Question.id < func.coalesce(Message.question_id, Message.id),
            )
            .scalar_subquery()
        )
        text = func.left(Message.text, _LONGEST_TEXT)
        statement = (
            select(
                Message.id,
                Message.conversation_id,
                exchange,
                Conversation.title,
                func.ts_headline(_CONFIGURATION, text, wanted, _HEADLINE),
                Message.created_at,
            )
            .join(Conversation, Conversation.id == Message.conversation_id)
            .where(Message.id.in_(message_ids))
            .order_by(Message.id.desc())
        )
        return [
            Found(message_id, conversation_id, number, title, " ".join(excerpt.split()), at)
            for message_id, conversation_id, number, title, excerpt, at in (
                await self._uow.session.execute(statement)
            )
        ]
