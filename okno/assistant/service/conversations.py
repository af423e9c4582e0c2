"""Use cases of conversations: reading, searching, renaming and deleting them."""

from dataclasses import replace

import structlog

from okno.assistant.dto import (
    ChatView,
    Conversation,
    ConversationExcerpt,
    ConversationExport,
    Exchange,
    Found,
    Message,
    MessageStatus,
)
from okno.assistant.errors import (
    AnswerInterrupted,
    ContextNotFound,
    ConversationNotFound,
    TitleEmpty,
)
from okno.assistant.service.contexts import QuestionContexts
from okno.assistant.service.texts import make_query, one_line
from okno.assistant.store import AssistantStore
from okno.kit.actor import Actor
from okno.kit.clock import Clock
from okno.kit.page import Page
from okno.kit.uow import UnitOfWork
from okno.llm.dto import PromptMessage
from okno.llm.service import LanguageModels

log = structlog.get_logger(__name__)

_MAX_TITLE_LENGTH = 100
_MAX_EXCERPT_EXCHANGES = 50


class ConversationsService:
    """Reads and keeps the conversations of the acting user alone.

    Raises `ConversationNotFound` for others, whether they exist or not.
    """

    def __init__(
        self,
        uow: UnitOfWork,
        store: AssistantStore,
        contexts: QuestionContexts,
        models: LanguageModels,
        clock: Clock,
    ) -> None:
        self._uow = uow
        self._store = store
        self._contexts = contexts
        self._models = models
        self._clock = clock

    async def view(self, actor: Actor) -> ChatView:
        """Return the current conversation with its last exchange."""
        user_id = actor.require_user()
        async with self._uow.begin():
            current = await self._store.preferences.current(user_id)
            conversation = last = None
            if current.conversation_id is not None:
                conversation = await self._store.conversations.get(user_id, current.conversation_id)
                last = await self._store.messages.newest(current.conversation_id)
        is_running = current.is_running(self._clock.now())
        return ChatView(
            conversation=conversation,
            question=None if last is None else _as_it_is(last.question, is_running=is_running),
            answer=None if last is None else last.answer,
            is_running=is_running,
            is_context_empty=current.is_context_empty,
            model=self._models.model(current.model).id,
            persona=self._models.persona(current.persona).id,
        )

    async def list(self, actor: Actor, page: int, size: int) -> Page[Conversation]:
        """Return a page of the conversations, the newest change first."""
        user_id = actor.require_user()
        async with self._uow.begin():
            return await self._store.conversations.page(user_id, page, size)

    async def get(self, actor: Actor, conversation_id: int) -> Conversation:
        async with self._uow.begin():
            return await self._own(actor, conversation_id)

    async def exchanges(
        self, actor: Actor, conversation_id: int, page: int, size: int
    ) -> Page[Exchange]:
        """Return a page of the conversation, the oldest exchange first.

        Raises `ConversationNotFound`.
        """
        async with self._uow.begin():
            await self._own(actor, conversation_id)
            return await self._store.messages.exchanges(conversation_id, page, size)

    async def excerpts(self, actor: Actor, page: int, size: int) -> Page[ConversationExcerpt]:
        """Return a page of the conversations, the newest change first, each with its end."""
        user_id = actor.require_user()
        async with self._uow.begin():
            found = await self._store.conversations.page(user_id, page, size)
            ids = [conversation.id for conversation in found.items]
            ends = await self._store.messages.newest_of_each(ids, _MAX_EXCERPT_EXCHANGES)
        return found.map(lambda one: ConversationExcerpt(one, ends[one.id]))

    async def export(self, actor: Actor, conversation_id: int) -> ConversationExport:
        """Collect the whole conversation."""
        async with self._uow.begin():
            conversation = await self._own(actor, conversation_id)
            exchanges = await self._store.messages.all_exchanges(conversation_id)
        return ConversationExport(
            title=conversation.title,
            model=conversation.model,
            persona=conversation.persona,
            created_at=conversation.created_at,
            messages=tuple(
                message
                for exchange in exchanges
                for message in (exchange.question, exchange.answer)
                if message is not None
            ),
        )

    async def search(self, actor: Actor, query: str, page: int, size: int) -> Page[Found]:
        """Find messages by their words, the newest first. Any text is a valid query."""
        user_id = actor.require_user()
        async with self._uow.begin():
            return await self._store.search.find(user_id, make_query(query), page, size)

    async def context(self, actor: Actor) -> tuple[PromptMessage, ...]:
        """Return the messages before the next question. Raises `ContextNotFound` without any."""
        user_id = actor.require_user()
        async with self._uow.begin():
            current = await self._store.preferences.current(user_id)
            window = await self._contexts.window(current)
        if not window.messages:
            raise ContextNotFound
        return window.said

    async def rename(self, actor: Actor, conversation_id: int, title: str) -> Conversation:
        """Give another title, which may be cut. Raises `TitleEmpty`, `ConversationNotFound`."""
        if not (line := one_line(title)):
            raise TitleEmpty
        async with self._uow.begin():
            await self._own(actor, conversation_id)
            await self._store.conversations.change(conversation_id, title=line[:_MAX_TITLE_LENGTH])
            return await self._own(actor, conversation_id)

    async def delete(self, actor: Actor, conversation_id: int) -> None:
        """Delete a conversation for good. Raises `AnswerInProgress`, `ConversationNotFound`."""
        async with self._uow.begin():
            await self._contexts.lock_idle(actor)
            await self._own(actor, conversation_id)
            await self._store.conversations.delete(conversation_id)
        log.info("conversation deleted", user_id=actor.user_id, conversation_id=conversation_id)

    async def _own(self, actor: Actor, conversation_id: int) -> Conversation:
        conversation = await self._store.conversations.get(actor.require_user(), conversation_id)
        if conversation is None:
            raise ConversationNotFound
        return conversation


def _as_it_is(question: Message, *, is_running: bool) -> Message:
    """Show a question as failed that a process has left when it died: it can be tried again."""
    if is_running or question.status is not MessageStatus.PENDING:
        return question
    return replace(question, status=MessageStatus.FAILED, failure=AnswerInterrupted.code)
