"""The end of a completion: charged for certain, or given up after a while, and its hold expires.

It is tried for some time, since nobody else would charge for it.
"""

import asyncio

import structlog

from okno.assistant.errors import AnswerInterrupted
from okno.assistant.service.completion import Completion
from okno.assistant.service.report import ANSWERS
from okno.billing.service import BillingService
from okno.kit.actor import SYSTEM
from okno.kit.errors import OknoError, TemporarilyUnavailable
from okno.llm.dto import Finish, Usage
from okno.llm.service import LanguageModels

log = structlog.get_logger(__name__)

LONGEST = 60.0
"""Seconds after which an end that can't be stored is given up."""
_PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds between the attempts."""

_STOPPED = "stopped"
"""An outcome: the client went away after the first text."""


class Settling:
    """Ends completions, each once."""

    def __init__(self, billing: BillingService, models: LanguageModels) -> None:
        self._billing = billing
        self._models = models

    async def end(self, completion: Completion) -> None:
        """Charge or release, and tell so through the feed, which is closed in any case."""
        told: OknoError | None = TemporarilyUnavailable()
        try:
            async with asyncio.timeout(LONGEST):
                told = await self._end(completion)
        except Exception:
            log.exception("completion not settled", **completion.ids)
        finally:
            completion.feed.close(told)

    async def _end(self, completion: Completion) -> OknoError | None:
        """Return what whoever reads along is to be told, if that is not the completion itself."""
        failure = completion.failure()
        usage = self._usage(completion)
        outcome = failure.code if failure is not None else completion.finish or _STOPPED
        is_free = failure is not None or completion.finish is Finish.CONTENT_FILTER
        cost = 0 if is_free else completion.price.cost(usage.input_tokens, usage.output_tokens)
        charged = await self._write(completion, cost, outcome)
        ANSWERS.labels(outcome).inc()
        log.info("completed", **completion.ids, outcome=outcome, cost=charged)
        if failure is not None:
            return failure
        if completion.finish is None:
            return AnswerInterrupted()
        completion.feed.put(completion.completed(completion.finish, usage, charged))
        return None

    def _usage(self, completion: Completion) -> Usage:
        usage = None if completion.last is None else completion.last.usage
        return usage or self._models.estimate(completion.prompt.messages, completion.text)

    async def _write(self, completion: Completion, cost: int, outcome: str) -> int:
        for pause in _PAUSES:
            try:
                return await self._write_once(completion, cost, outcome)
            except Exception as error:  # noqa: BLE001 - whatever it is may pass
                log.warning("completion not settled yet", **completion.ids, error=repr(error))
            await asyncio.sleep(pause)
        return await self._write_once(completion, cost, outcome)

    async def _write_once(self, completion: Completion, cost: int, outcome: str) -> int:
        if not cost:
            await self._billing.release(SYSTEM, completion.hold_id, outcome)
            return 0
        note = completion.prompt.model.id
        return await self._billing.settle(SYSTEM, completion.hold_id, cost, note)
