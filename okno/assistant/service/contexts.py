"""Question contexts: the conversation that a question belongs to, and the messages before it.

A user has one answer at a time: while it is generated, nothing is asked, and the current
conversation does not change.
"""

from collections.abc import Sequence
from dataclasses import replace

from okno.accounts.errors import UserNotFound
from okno.accounts.service import AccountsService
from okno.assistant.cache import ContextCache
from okno.assistant.dto import (
    ContextWindow,
    CurrentConversation,
    Generation,
    Message,
    MessageStatus,
    QuestionContext,
)
from okno.assistant.errors import AnswerInProgress, NothingToRetry
from okno.assistant.service.abandon import AbandonedGenerations
from okno.assistant.service.windows import MAX_EXCHANGES, window_of
from okno.assistant.store import AssistantStore
from okno.billing.service import BillingService
from okno.kit.actor import SYSTEM, Actor
from okno.kit.uow import UnitOfWork


class QuestionContexts:
    """Guesses contexts from Redis, reads them from PostgreSQL, and locks them against changes."""

    def __init__(
        self,
        uow: UnitOfWork,
        store: AssistantStore,
        accounts: AccountsService,
        billing: BillingService,
        abandoned: AbandonedGenerations,
        cache: ContextCache,
    ) -> None:
        self._uow = uow
        self._store = store
        self._accounts = accounts
        self._billing = billing
        self._abandoned = abandoned
        self._cache = cache

    async def guess(self, actor: Actor) -> QuestionContext | None:
        """Return the context as it was after the last answer; it may have changed since."""
        return await self._cache.get(actor.require_user())

    async def read(self, actor: Actor) -> QuestionContext:
        """Read the context and make all rows that a question needs; new users get their grant.

        Raises `AnswerInProgress`, `UserNotFound`.
        """
        async with self._uow.begin():
            current = await self.lock_idle(actor)
            await self._billing.balance(actor)
            return QuestionContext(current, await self.window(current))

    async def read_failed(self, actor: Actor) -> tuple[QuestionContext, Message]:
        """Read the context and the last question, which failed. Raises `NothingToRetry`."""
        async with self._uow.begin():
            context = await self.read(actor)
            question = await self._store.messages.question(context.current.last_question_id)
        # Nothing is running, so a process that died has left one that is pending.
        if question is None or question.status is MessageStatus.DONE:
            raise NothingToRetry
        return context, question

    async def window(self, current: CurrentConversation) -> ContextWindow:
        """Read the context window, within the open transaction."""
        if current.conversation_id is None or current.is_context_empty:
            return window_of(())
        past = await self._store.messages.answered(
            current.conversation_id, current.context_from, MAX_EXCHANGES + 1
        )
        given = await self._store.conversations.given(current.conversation_id)
        return window_of(given if len(past) <= MAX_EXCHANGES else (), past)

    async def keep(self, generation: Generation, window: ContextWindow) -> None:
        """Keep the context in Redis for the next question, after a generation has ended."""
        current = generation.context.current
        is_cut = current.context_cut or generation.tell_context_cut
        kept = QuestionContext(replace(current, context_cut=is_cut), window)
        await self._cache.put(generation.user_id, kept)

    async def lock(self, actor: Actor) -> int:
        """Lock the current conversation against changes until the open transaction ends.

        Returns the id of the user. Raises `UserNotFound`.
        """
        user_id = actor.require_user()
        if await self._accounts.pin(SYSTEM, user_id) is None:
            raise UserNotFound
        await self._store.preferences.lock(user_id)
        return user_id

    async def lock_many(self, user_ids: Sequence[int]) -> None:
        """Lock the current conversations of many users, in the order of all transactions."""
        await self._accounts.pin_many(SYSTEM, user_ids)
        await self._store.preferences.lock_many(user_ids)

    async def lock_idle(self, actor: Actor) -> CurrentConversation:
        """Lock the current conversation and return it; an abandoned answer is ended.

        Raises `AnswerInProgress`, `UserNotFound`.
        """
        current = await self._store.preferences.current(await self.lock(actor))
        running = current.generation_id
        if running is not None and await self._abandoned.end(running) is None:
            raise AnswerInProgress
        return current
