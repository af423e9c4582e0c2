"""Use cases of conversations: looking, choosing, keeping in order."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import structlog

from okno.assistant.dto import (
    ChatView,
    Conversation,
    ConversationExcerpt,
    ConversationExport,
    Counters,
    CurrentConversation,
    Exchange,
    Found,
    Message,
    MessageStatus,
)
from okno.assistant.errors import (
    AnswerInterrupted,
    ChoiceNotOffered,
    ContextNotFound,
    ConversationNotFound,
    TitleEmpty,
)
from okno.assistant.service.contexts import QuestionContexts
from okno.assistant.service.running import RunningGenerations
from okno.assistant.service.texts import make_query, make_title, one_line
from okno.assistant.service.windows import checked
from okno.assistant.store import AssistantStore
from okno.kit.actor import Actor
from okno.kit.clock import Clock
from okno.kit.page import Page
from okno.kit.uow import UnitOfWork
from okno.llm.dto import PromptMessage, PromptRole
from okno.llm.service import LanguageModels

log = structlog.get_logger(__name__)

_DELETED_AT_ONCE = 100
"""Conversations: their users wait so long with their questions."""
_REPEATS_KEPT = timedelta(days=1)
_LONGEST_TITLE = 100
_SHOWN_OF_EACH = 50
"""Exchanges of a conversation that are shown where many are."""


class ConversationsService:
    """Every method is about the conversations of the acting user alone.

    Raises `ConversationNotFound` for others, whether they exist or not.
    """

    def __init__(
        self,
        uow: UnitOfWork,
        store: AssistantStore,
        running: RunningGenerations,
        contexts: QuestionContexts,
        models: LanguageModels,
        clock: Clock,
    ) -> None:
        self._uow = uow
        self._store = store
        self._running = running
        self._contexts = contexts
        self._models = models
        self._clock = clock

    async def view(self, actor: Actor) -> ChatView:
        """Show the conversation at hand."""
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
        """Return a page of the conversation, the oldest exchange first."""
        async with self._uow.begin():
            await self._own(actor, conversation_id)
            return await self._store.messages.exchanges(conversation_id, page, size)

    async def excerpts(self, actor: Actor, page: int, size: int) -> Page[ConversationExcerpt]:
        """Return a page of the conversations, the newest change first, each with its end."""
        user_id = actor.require_user()
        async with self._uow.begin():
            found = await self._store.conversations.page(user_id, page, size)
            ids = [conversation.id for conversation in found.items]
            ends = await self._store.messages.newest_of_each(ids, _SHOWN_OF_EACH)
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

    async def context(self, actor: Actor) -> tuple[PromptMessage, ...]:
        """Return what goes before the next question. Raises `ContextNotFound` when nothing does."""
        user_id = actor.require_user()
        async with self._uow.begin():
            current = await self._store.preferences.current(user_id)
            window = await self._contexts.window(current)
        if not window.messages:
            raise ContextNotFound
        return window.said

    async def replace_context(self, actor: Actor, messages: Sequence[PromptMessage]) -> None:
        """Let only these messages go before the next question; the history keeps the others.

        Raises `AnswerInProgress`, `ContextTooLong`, `UserNotFound`.
        """
        given = checked(messages)
        async with self._uow.begin():
            current = await self._running.require_none(actor)
            conversation_id = current.conversation_id
            if conversation_id is None and given:
                conversation_id = await self._make(actor.require_user(), current, given)
            if conversation_id is not None:
                await self._store.conversations.begin_context(conversation_id, given)
                await self._store.preferences.change(
                    actor.require_user(), conversation_id=conversation_id
                )

    async def reset_context(self, actor: Actor) -> None:
        """Forget what was said in the conversation at hand; the history keeps it.

        Raises `AnswerInProgress`.
        """
        await self.replace_context(actor, ())

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
                found = await self._store.conversations.untouched(before, _DELETED_AT_ONCE)
                await self._running.lock_many([user_id for _, user_id in found])
                ids = [conversation_id for conversation_id, _ in found]
                batch = await self._store.conversations.delete_untouched(ids, before)
            deleted += batch
            if batch < _DELETED_AT_ONCE:
                break
        return deleted

    async def forget_repeats(self, actor: Actor) -> int:
        """Forget idempotency keys whose time is over; count them. Only the system may."""
        actor.require_system()
        async with self._uow.begin():
            return await self._store.repeats.forget(self._clock.now() - _REPEATS_KEPT)

    async def counters(self, actor: Actor) -> Counters:
        """Sum up all conversations. Only an admin or the system may."""
        actor.require_admin()
        async with self._uow.begin():
            return await self._store.totals.count(self._clock.now())

    async def _make(
        self, user_id: int, current: CurrentConversation, given: Sequence[PromptMessage]
    ) -> int:
        """Make a conversation that begins with what a client has given."""
        said = next((one.text for one in given if one.role is PromptRole.USER), given[0].text)
        return await self._store.conversations.add(
            user_id,
            make_title(said),
            self._models.model(current.model).id,
            self._models.persona(current.persona).id,
            self._clock.now(),
        )

    async def _choose(self, actor: Actor, **choice: str) -> None:
        """Choose for new conversations and for the one at hand."""
        async with self._uow.begin():
            user_id = await self._running.lock(actor)
            await self._store.preferences.change(user_id, **choice)
            conversation_id = (await self._store.preferences.current(user_id)).conversation_id
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
