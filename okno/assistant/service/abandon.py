"""Abandons generations whose process has died: any other process may end them.

A lease that is over says that the process has died, or that its end was stored and the user has not
been told of it.
"""

from functools import partial
from uuid import UUID

import structlog

from okno.accounts.service import AccountsService
from okno.assistant.dto import Interrupted, Origin
from okno.assistant.errors import AnswerInterrupted
from okno.assistant.service.metrics import ANSWERS
from okno.assistant.store import AssistantStore
from okno.billing.service import BillingService
from okno.kit.actor import SYSTEM, Actor
from okno.kit.clock import Clock
from okno.kit.uow import UnitOfWork

log = structlog.get_logger(__name__)

_MAX_AT_ONCE = 100


class AbandonedGenerations:
    """Ends them: the question fails, and the hold is released."""

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

    async def end_all(self, actor: Actor, origin: Origin) -> tuple[Interrupted, ...]:
        """End all of a surface; the caller has to tell their users. Only the system may.

        Each is returned once, whichever process asks. It is ended in a transaction of its own; one
        that fails is logged and left for the next time.
        """
        actor.require_system()
        async with self._uow.begin():
            abandoned = await self._store.generations.abandoned(
                origin, self._clock.now(), _MAX_AT_ONCE
            )
        ended = []
        for generation_id, user_id in abandoned:
            try:
                ended.append(await self._end_one(generation_id, user_id))
            except Exception:
                log.exception("generation not ended", generation=str(generation_id))
        return tuple(interrupted for interrupted in ended if interrupted is not None)

    async def end(self, generation_id: UUID) -> Interrupted | None:
        """End one within the open transaction; the user is locked.

        Returns None when its lease is not over, or another process has ended it.
        """
        found = await self._store.generations.end_abandoned(generation_id, self._clock.now())
        if found is None:
            return None
        interrupted, hold_id = found
        failure = AnswerInterrupted.code
        await self._billing.release(SYSTEM, hold_id, failure)  # of an end that was stored: nothing
        await self._store.conversations.lock(interrupted.conversation_id)  # before its messages
        is_failed = await self._store.messages.fail_question(interrupted.question_id, failure)
        self._uow.after_commit(partial(_report, generation_id, interrupted, is_failed=is_failed))
        return interrupted

    async def _end_one(self, generation_id: UUID, user_id: int) -> Interrupted | None:
        async with self._uow.begin():
            if await self._accounts.pin(SYSTEM, user_id) is None:
                return None
            return await self.end(generation_id)


async def _report(generation_id: UUID, interrupted: Interrupted, *, is_failed: bool) -> None:
    """Report the end after its commit.

    `is_failed`: a process that died has left it; otherwise its end was stored, but not told.
    """
    if is_failed:
        ANSWERS.labels(AnswerInterrupted.code).inc()
    log.warning(
        "generation abandoned",
        generation=str(generation_id),
        user_id=interrupted.user_id,
        conversation_id=interrupted.conversation_id,
        question_id=interrupted.question_id,
        is_failed=is_failed,
    )
