"""Use cases of the house: what nobody needs any more goes, and what is there is counted."""

from datetime import timedelta

from okno.assistant.dto import Counters
from okno.assistant.service.contexts import QuestionContexts
from okno.assistant.store import AssistantStore
from okno.kit.actor import Actor
from okno.kit.clock import Clock
from okno.kit.uow import UnitOfWork

_MAX_DELETED_AT_ONCE = 100
"""Conversations of one transaction: so long their users wait with a question."""
_REPEATS_KEPT = timedelta(days=1)


class HousekeepingService:
    """Works on the conversations of all users."""

    def __init__(
        self, uow: UnitOfWork, store: AssistantStore, contexts: QuestionContexts, clock: Clock
    ) -> None:
        self._uow = uow
        self._store = store
        self._contexts = contexts
        self._clock = clock

    async def delete_untouched(self, actor: Actor, days: int) -> int:
        """Delete conversations that nobody touched for so many days; 0 days: delete none.

        Returns their number. Only the system may.
        """
        actor.require_system()
        deleted = 0
        before = self._clock.now() - timedelta(days=days)
        while days > 0:
            async with self._uow.begin():
                found = await self._store.conversations.untouched(before, _MAX_DELETED_AT_ONCE)
                await self._contexts.lock_many([user_id for _, user_id in found])
                ids = [conversation_id for conversation_id, _ in found]
                batch = await self._store.conversations.delete_untouched(ids, before)
            deleted += batch
            if batch < _MAX_DELETED_AT_ONCE:
                break
        return deleted

    async def forget_repeats(self, actor: Actor) -> int:
        """Delete idempotency keys that are a day old; return their number. Only the system may."""
        actor.require_system()
        async with self._uow.begin():
            return await self._store.repeats.forget(self._clock.now() - _REPEATS_KEPT)

    async def counters(self, actor: Actor) -> Counters:
        """Sum up all conversations. Only an admin or the system may."""
        actor.require_admin()
        async with self._uow.begin():
            return await self._store.totals.count(self._clock.now())
