"""One answer at a time: who asks, or changes what is at hand, waits for no answer but needs none.

The order in which locks are taken is that of `beginnings`.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from uuid import UUID

import structlog

from okno.accounts.errors import UserNotFound
from okno.accounts.service import AccountsService
from okno.assistant.dto import CurrentConversation, Interrupted, Origin
from okno.assistant.errors import AnswerInProgress, AnswerInterrupted
from okno.assistant.service.report import report_abandoned
from okno.assistant.store import AssistantStore
from okno.billing.service import BillingService
from okno.kit.actor import SYSTEM, Actor
from okno.kit.clock import Clock
from okno.kit.uow import UnitOfWork

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=30)
"""How long a generation outlives its process."""
_AT_ONCE = 100


class RunningGenerations:
    """Guards the rule, and ends what a dead process left behind; within the open transaction."""

    def __init__(
        self,
        uow: UnitOfWork,
        store: AssistantStore,
        accounts: AccountsService,
        billing: BillingService,
        clock: Clock,
    ) -> None:
        self._uow = uow
        self._store = store
        self._accounts = accounts
        self._billing = billing
        self._clock = clock

    async def lock(self, actor: Actor) -> int:
        """Let nobody else change what is at hand meanwhile. Raises `UserNotFound`."""
        user_id = actor.require_user()
        if await self._accounts.pin(SYSTEM, user_id) is None:
            raise UserNotFound
        await self._store.preferences.lock(user_id)
        return user_id

    async def lock_many(self, user_ids: Sequence[int]) -> None:
        """Do the same for many users, in the order in which everybody does."""
        await self._accounts.pin_many(SYSTEM, user_ids)
        await self._store.preferences.lock_many(user_ids)

    async def require_none(self, actor: Actor) -> CurrentConversation:
        """Do the same, and raise `AnswerInProgress` while an answer is being made."""
        current = await self._store.preferences.current(await self.lock(actor))
        if current.generation_id is not None and await self._end(current.generation_id) is None:
            raise AnswerInProgress
        return current

    async def end_abandoned(self, origin: Origin) -> tuple[Interrupted, ...]:
        """End all of this origin whose lease is over, each in a transaction of its own.

        What fails is logged and left for the next time: those that were ended have to be told.
        """
        async with self._uow.begin():
            abandoned = await self._store.generations.abandoned(origin, self._clock.now(), _AT_ONCE)
        ended = []
        for generation_id, user_id in abandoned:
            try:
                ended.append(await self._end_one(generation_id, user_id))
            except Exception:
                log.exception("generation not ended", generation=str(generation_id))
        return tuple(interrupted for interrupted in ended if interrupted is not None)

    async def _end_one(self, generation_id: UUID, user_id: int) -> Interrupted | None:
        async with self._uow.begin():
            if await self._accounts.pin(SYSTEM, user_id) is None:
                return None
            return await self._end(generation_id)

    async def _end(self, generation_id: UUID) -> Interrupted | None:
        """End one whose lease is over; None when it lives, or somebody else was faster."""
        ended = await self._store.generations.end_abandoned(generation_id, self._clock.now())
        if ended is None:
            return None
        failure = AnswerInterrupted.code
        is_failed = await self._store.messages.fail_question(ended.question_id, failure)
        if is_failed:
            await self._billing.release(SYSTEM, ended.hold_id, failure)
        interrupted = Interrupted(ended.user_id, ended.conversation_id, ended.question_id)
        self._uow.after_commit(
            partial(report_abandoned, generation_id, interrupted, is_failed=is_failed)
        )
        return interrupted
