"""Use cases of conversations: looking, choosing, keeping in order."""

from dataclasses import replace
from datetime import timedelta

import structlog

from okno.assistant.dto import (
    ChatView,
    Conversation,
    ConversationExport,
    Counters,
    Exchange,
    Found,
    Message,
    MessageStatus,
)
from okno.assistant.errors import (
    AnswerInterrupted,
    ChoiceNotOffered,
    ConversationNotFound,
    TitleEmpty,
)
from okno.assistant.service.running import RunningGenerations
from okno.assistant.service.texts import make_query, one_line
from okno.assistant.store import AssistantStore
from okno.kit.actor import Actor
from okno.kit.clock import Clock
from okno.kit.page import Page
from okno.kit.uow import UnitOfWork
from okno.llm.service import LanguageModels

log = structlog.get_logger(__name__)

_DELETED_AT_ONCE = 500
_LONGEST_TITLE = 100


class ConversationsService:
    """Every method is about the conversations of the acting user alone.

    Raises `ConversationNotFound` for others, whether they exist or not.
    """

    def __init__(
        self,
        uow: UnitOfWork,
        store: AssistantStore,
        running: RunningGenerations,
        models: LanguageModels,
        clock: Clock,
    ) -> None:
        self._uow = uow
        self._store = store
        self._running = running
        self._models = models
        self._clock = clock

    async def view(self, actor: Actor) -> ChatView:
        """Show the conversation at hand."""
        user_id = actor.require_user()
        async with self._uow.begin():
            at_hand = await self._store.preferences.at_hand(user_id)
            conversation = last = None
            if at_hand.conversation_id is not None:
                conversation = await self._store.conversations.get(user_id, at_hand.conversation_id)
                last = await self._store.messages.newest(at_hand.conversation_id)
        is_running = at_hand.is_running(self._clock.now())
        return ChatView(
            conversation=conversation,
            question=None if last is None else _as_it_is(last.question, is_running=is_running),
            answer=None if last is None else last.answer,
            is_running=is_running,
            is_context_empty=at_hand.last_answer_id == 0,
            model=self._models.model(at_hand.model).id,
            persona=self._models.persona(at_hand.persona).id,
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
        """Return a page of the conversation, the oldest exchange first."""
        async with self._uow.begin():
            await self._own(actor, conversation_id)
            return await self._store.messages.exchanges(conversation_id, page, size)

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
        """Find messages by their words, the newest first; no query is wrong."""
        user_id = actor.require_user()
        async with self._uow.begin():
            return await self._store.search.find(user_id, make_query(query), page, size)

    async def new(self, actor: Actor) -> None:
        """Let the next question begin a conversation. Raises `AnswerInProgress`."""
        async with self._uow.begin():
            await self._running.require_none(actor)
            await self._store.preferences.change(actor.require_user(), conversation_id=None)

    async def open(self, actor: Actor, conversation_id: int) -> None:
        """Continue a conversation. Raises `AnswerInProgress`."""
        async with self._uow.begin():
            await self._running.require_none(actor)
            opened = await self._own(actor, conversation_id)
            await self._store.preferences.change(actor.require_user(), conversation_id=opened.id)

    async def reset_context(self, actor: Actor) -> None:
        """Forget what was said in the conversation at hand; the history keeps it.

        Raises `AnswerInProgress`.
        """
        async with self._uow.begin():
            conversation_id = (await self._running.require_none(actor)).conversation_id
            if conversation_id is not None:
                newest = await self._store.messages.newest_id(conversation_id)
                await self._store.conversations.change(
                    conversation_id, context_from=newest, context_cut=False
                )

    async def rename(self, actor: Actor, conversation_id: int, title: str) -> Conversation:
        """Give another title, which may be cut. Raises `TitleEmpty`."""
        if not (line := one_line(title)):
            raise TitleEmpty
        async with self._uow.begin():
            await self._own(actor, conversation_id)
            await self._store.conversations.change(conversation_id, title=line[:_LONGEST_TITLE])
            return await self._own(actor, conversation_id)

    async def delete(self, actor: Actor, conversation_id: int) -> None:
        """Delete a conversation for good. Raises `AnswerInProgress`."""
        async with self._uow.begin():
            await self._running.require_none(actor)
            await self._own(actor, conversation_id)
            await self._store.conversations.delete(conversation_id)
        log.info("conversation deleted", user_id=actor.user_id, conversation_id=conversation_id)

    async def choose_model(self, actor: Actor, model_id: str) -> None:
        """Ask another model from now on. Raises `ChoiceNotOffered`."""
        if all(model.id != model_id for model in self._models.models()):
            raise ChoiceNotOffered
        await self._choose(actor, model=model_id)

    async def choose_persona(self, actor: Actor, persona_id: str) -> None:
        """Ask another persona from now on. Raises `ChoiceNotOffered`."""
        if all(persona.id != persona_id for persona in self._models.personas()):
            raise ChoiceNotOffered
        await self._choose(actor, persona=persona_id)

    async def delete_untouched(self, actor: Actor, days: int) -> int:
        """Delete what nobody touched for so many days, nothing if 0; count it.

        Only the system may.
        """
        actor.require_system()
        deleted = 0
        before = self._clock.now() - timedelta(days=days)
        while days > 0:
            async with self._uow.begin():
                batch = await self._store.conversations.delete_untouched(before, _DELETED_AT_ONCE)
            deleted += batch
            if batch < _DELETED_AT_ONCE:
                break
        return deleted

    async def counters(self, actor: Actor) -> Counters:
        """Sum up all conversations. Only an admin or the system may."""
        actor.require_admin()
        async with self._uow.begin():
            return await self._store.totals.count(self._clock.now())

    async def _choose(self, actor: Actor, **choice: str) -> None:
        """Choose for new conversations and for the one at hand."""
        async with self._uow.begin():
            user_id = await self._running.lock(actor)
            await self._store.preferences.change(user_id, **choice)
            conversation_id = (await self._store.preferences.at_hand(user_id)).conversation_id
            if conversation_id is not None:
                await self._store.conversations.change(conversation_id, **choice)

    async def _own(self, actor: Actor, conversation_id: int) -> Conversation:
        conversation = await self._store.conversations.get(actor.require_user(), conversation_id)
        if conversation is None:
            raise ConversationNotFound
        return conversation


def _as_it_is(question: Message, *, is_running: bool) -> Message:
    """Show a question that a dead process left behind as failed: it can be tried again at once."""
    if is_running or question.status is not MessageStatus.PENDING:
        return question
    return replace(question, status=MessageStatus.FAILED, failure=AnswerInterrupted.code)
