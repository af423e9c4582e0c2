"""The end of a generation, stored for certain or given up in time.

It is tried for a while, since the answer exists nowhere else. If it can't be stored at all the
lease runs out, and whoever finds that ends the generation.
"""

import asyncio
from dataclasses import replace

import structlog

from okno.assistant.dto import Answered, ContextWindow, Generation, MessageStatus, Origin
from okno.assistant.service.closings import Closings, Ended, Ending
from okno.assistant.service.contexts import QuestionContexts
from okno.assistant.service.report import report_answer, report_failure, report_loss
from okno.assistant.service.run import Run
from okno.assistant.service.windows import grow, question_tokens
from okno.kit.clock import Clock
from okno.kit.errors import OknoError, TemporarilyUnavailable
from okno.llm.dto import Usage
from okno.llm.service import LanguageModels

log = structlog.get_logger(__name__)

LONGEST = 60.0
"""Seconds after which an end that can't be stored is given up."""
_PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds between the attempts."""


class Endings:
    """Ends generations, each once."""

    def __init__(
        self, closings: Closings, contexts: QuestionContexts, models: LanguageModels, clock: Clock
    ) -> None:
        self._closings = closings
        self._contexts = contexts
        self._models = models
        self._clock = clock

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
        is_ours = not run.is_lost and (
            await self._store_answer(run)
            if failure is None
            else await self._store_failure(run, failure)
        )
        if not is_ours:
            report_loss(run)
        return is_ours

    async def _store_failure(self, run: Run, failure: OknoError) -> bool:
        generation = run.generation
        ended = await self._persist(
            run,
            Ending(
                generation,
                self._clock.now(),
                failure.code,
                MessageStatus.FAILED,
                is_told=_is_told(run),
            ),
        )
        if ended.is_ours:
            report_failure(run, failure)
            await self._contexts.keep(generation, generation.context.window)
        return ended.is_ours

    async def _store_answer(self, run: Run) -> bool:
        generation = run.generation
        usage = self._usage(run)
        window = _grown(generation, run.text, usage)
        ended = await self._persist(
            run,
            Ending(
                generation,
                self._clock.now(),
                run.text,
                run.status(),
                cost=generation.price.cost(usage.input_tokens, usage.output_tokens),
                usage=usage,
                model_version=None if run.last is None else run.last.model_version,
                question_tokens=question_tokens(generation.context.window, usage),
                context=window.said,
                is_told=_is_told(run),
            ),
        )
        if ended.message is None:
            return False
        report_answer(run, ended.message, usage)
        await self._contexts.keep(generation, window)
        run.feed.put(Answered(ended.message, usage, window.said))
        return True

    def _usage(self, run: Run) -> Usage:
        usage = None if run.last is None else run.last.usage
        return usage or self._models.estimate(run.generation.prompt.messages, run.text)

    async def _persist(self, run: Run, ending: Ending) -> Ended:
        for pause in _PAUSES:
            try:
                return await self._closings.do(ending)
            except Exception as error:  # noqa: BLE001 - whatever it is may pass
                log.warning(
                    "end of the answer not stored yet",
                    generation=str(ending.generation.id),
                    error=repr(error),
                )
            await asyncio.sleep(pause)
            ending = replace(ending, is_repeat=True, is_told=_is_told(run))
        return await self._closings.do(ending)


def _grown(generation: Generation, answer: str, usage: Usage) -> ContextWindow:
    question = generation.prompt.messages[-1].text
    return grow(generation.context.window, question, answer, usage)


def _is_told(run: Run) -> bool:
    """Tell whether nobody has to look for the end: over HTTP whoever has left asks again."""
    return not run.is_left or run.generation.origin is Origin.HTTP
