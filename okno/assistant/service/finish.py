"""The last step of an answer: its end is stored for certain, or given up in time, and then told.

Storing is tried for a while, since the answer exists nowhere else. When it fails for good, the
lease of the generation runs out and it is abandoned; the hold of a completion expires.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

import stamina
import structlog

from okno.assistant.service.growing_answer import GrowingAnswer
from okno.assistant.service.metrics import ANSWERS
from okno.kit.errors import OknoError, TemporarilyUnavailable
from okno.kit.timeouts import FINISH_SECONDS
from okno.llm.dto import Usage
from okno.llm.service import LanguageModels

log = structlog.get_logger(__name__)

FURTHER_ATTEMPTS = 7
FIRST_PAUSE_SECONDS = 0.25
_MAX_PAUSE_SECONDS = 8.0

T = TypeVar("T")
R = TypeVar("R", bound=GrowingAnswer[Any])


class GenerationLost(Exception):
    """The generation was abandoned by another process, or its user was deleted."""


class Finisher(ABC, Generic[R]):
    """Finishes answers, each once."""

    def __init__(self, models: LanguageModels) -> None:
        self._models = models

    async def finish(self, answer: R) -> None:
        """Store the end of an answer, tell it through the mailbox, and close that in any case."""
        failure = answer.failure()
        told: OknoError | None = failure or TemporarilyUnavailable()
        try:
            async with asyncio.timeout(FINISH_SECONDS):
                told = await self._finish(answer, failure)
        except GenerationLost:
            _report_loss(answer)
            told = None
        except Exception:
            _report_loss(answer)
            log.exception("end of the answer not stored", **answer.ids)
        finally:
            answer.latest.close(told)

    @abstractmethod
    async def _finish(self, answer: R, failure: OknoError | None) -> OknoError | None:
        """Store the end; return the error that the reader gets, None after an answer.

        Raises `GenerationLost`.
        """

    async def _until_stored(self, answer: R, store: Callable[[int], Awaitable[T]]) -> T:
        """Call `store` with the number of former attempts until it succeeds.

        The first attempt does without stamina, whose loop alone takes a tenth of a millisecond.
        """

        def is_passing(error: Exception) -> bool:
            if isinstance(error, GenerationLost):
                return False
            log.warning("end of the answer not stored yet", **answer.ids, error=repr(error))
            return True

        try:
            return await store(0)
        except Exception as error:
            if not is_passing(error):
                raise
        async for attempt in stamina.retry_context(
            on=is_passing,
            attempts=FURTHER_ATTEMPTS,
            timeout=None,  # `finish` bounds the whole, and a single attempt that hangs, too
            wait_initial=FIRST_PAUSE_SECONDS,
            wait_max=_MAX_PAUSE_SECONDS,
            wait_jitter=0,
        ):
            with attempt:
                return await store(attempt.num)
        raise AssertionError("stamina ends with a result or an error")

    def _usage(self, answer: R) -> Usage:
        """Return what the provider bills, or an estimate where it has not said so."""
        return answer.usage or self._models.estimate(answer.prompt.messages, answer.text)


def _report_loss(answer: GrowingAnswer[Any]) -> None:
    """Report an answer that another process has ended, or whose end could not be stored."""
    ANSWERS.labels("lost").inc()
    log.warning("answer lost", **answer.ids, ms=answer.milliseconds)
