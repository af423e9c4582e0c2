"""Where a user's next question goes: guessed from Redis, or read from PostgreSQL."""

from dataclasses import replace

from okno.assistant.context import ContextCache
from okno.assistant.dto import (
    ContextWindow,
    CurrentConversation,
    Generation,
    MessageStatus,
    QuestionContext,
)
from okno.assistant.errors import NothingToRetry
from okno.assistant.service.running import RunningGenerations
from okno.assistant.service.windows import MOST_EXCHANGES, window_of
from okno.assistant.store import AssistantStore
from okno.billing.service import BillingService
from okno.kit.actor import Actor
from okno.kit.uow import UnitOfWork


class QuestionContexts:
    """Finds and keeps contexts."""

    def __init__(
        self,
        uow: UnitOfWork,
        store: AssistantStore,
        running: RunningGenerations,
        billing: BillingService,
        cache: ContextCache,
    ) -> None:
        self._uow = uow
        self._store = store
        self._running = running
        self._billing = billing
        self._cache = cache

    async def guess(self, user_id: int) -> QuestionContext | None:
        """Return what was kept after the last answer; it may have changed since."""
        return await self._cache.get(user_id)

    async def read(self, actor: Actor) -> QuestionContext:
        """Read it, and make all that a question needs; a new user gets the welcome grant.

        Raises `AnswerInProgress`, `UserNotFound`.
        """
        async with self._uow.begin():
            current = await self._running.require_none(actor)
            await self._billing.balance(actor)
            return QuestionContext(current, await self.window(current))

    async def read_failed(self, actor: Actor) -> tuple[QuestionContext, str]:
        """Do the same, and return the last question, too. Raises `NothingToRetry` if it is done."""
        async with self._uow.begin():
            context = await self.read(actor)
            question = await self._store.messages.question(context.current.last_question_id)
        # Nothing is running, so one that is pending was left behind by a dead process.
        if question is None or question.status is MessageStatus.DONE:
            raise NothingToRetry
        return context, question.text

    async def window(self, current: CurrentConversation) -> ContextWindow:
        """Read the context window, within the open transaction."""
        if current.conversation_id is None or current.is_context_empty:
            return window_of(())
        rows = await self._store.messages.answered(
            current.conversation_id, current.context_from, MOST_EXCHANGES + 1
        )
        given = await self._store.conversations.given(current.conversation_id)
        return window_of(given if len(rows) <= MOST_EXCHANGES else (), rows)

    async def keep(self, generation: Generation, window: ContextWindow) -> None:
        """Remember how it is after a generation, for the next question."""
        current = replace(
            generation.context.current,
            context_cut=generation.context.current.context_cut or generation.tell_context_cut,
        )
        await self._cache.put(generation.user_id, QuestionContext(current, window))
