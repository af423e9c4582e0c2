"""The end of a generation, stored for certain or given up in time.

It is tried for a while, since the answer exists nowhere else. If it can't be stored at all the
lease runs out, and whoever finds that ends the generation.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

import structlog

from okno.assistant.dto import Answered
from okno.assistant.service.closing import Closing
from okno.assistant.service.report import report_answer, report_failure, report_loss
from okno.assistant.service.run import Run
from okno.assistant.service.windows import ContextWindows, grow
from okno.kit.errors import OknoError, TemporarilyUnavailable
from okno.llm.service import LanguageModels

log = structlog.get_logger(__name__)

LONGEST = 60.0
"""Seconds after which an end that can't be stored is given up."""
_PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds between the attempts."""

T = TypeVar("T")


class Endings:
    """Ends generations, each once."""

    def __init__(self, closing: Closing, windows: ContextWindows, models: LanguageModels) -> None:
        self._closing = closing
        self._windows = windows
        self._models = models

    async def end(self, run: Run) -> None:
        """Store how it ended and tell so through the feed, which is closed in any case.

        A generation that was taken over, or whose user is gone, ends without a word.
        """
        failure = run.failure()
        told: OknoError | None = failure or TemporarilyUnavailable()
        try:
            async with asyncio.timeout(LONGEST):
                told = failure if await self._store(run, failure) else None
        except Exception:
            report_loss(run)
            log.exception("end of the answer not stored", generation=str(run.generation.id))
        finally:
            run.feed.close(told)

    async def _store(self, run: Run, failure: OknoError | None) -> bool:
        """Tell whether the end was ours to be stored."""
        if run.is_lost:
            is_stored = False
        elif failure is None:
            is_stored = await self._store_answer(run)
        else:
            is_stored = await _persist(run, partial(self._closing.store_failure, run, failure))
            if is_stored:
                report_failure(run, failure)
        if not is_stored:
            report_loss(run)
        return is_stored

    async def _store_answer(self, run: Run) -> bool:
        prompt, window = run.generation.prompt, run.generation.window
        usage = None if run.last is None else run.last.usage
        usage = usage or self._models.estimate(prompt.messages, run.text)
        message = await _persist(run, partial(self._closing.store_answer, run, usage))
        if message is None:
            return False
        report_answer(run, message, usage)
        question = prompt.messages[-1].text
        await self._windows.keep(
            run.generation, grow(window, question, run.text, message.id, usage)
        )
        run.feed.put(Answered(message, usage))
        return True


async def _persist(run: Run, write: Callable[[], Awaitable[T]]) -> T:
    for pause in _PAUSES:
        run.attempts += 1
        try:
            return await write()
        except Exception as error:  # noqa: BLE001 - whatever it is may pass
            log.warning(
                "end of the answer not stored yet",
                generation=str(run.generation.id),
                error=repr(error),
            )
        await asyncio.sleep(pause)
    run.attempts += 1
    return await write()
