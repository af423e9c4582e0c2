"""Use cases of answering: outside handlers and transactions, for as long as a model needs.

The answer is made by a task of the nursery; who shows it reads along, and may go away.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import partial

import structlog

from okno.assistant.dto import Generation, Interrupted, Origin, Progress
from okno.assistant.errors import AnswerInterrupted
from okno.assistant.service.endings import LONGEST, Endings
from okno.assistant.service.lease import Leases
from okno.assistant.service.report import RUNNING
from okno.assistant.service.run import Run
from okno.assistant.service.running import RunningGenerations
from okno.assistant.service.stops import Stops
from okno.kit.actor import Actor
from okno.kit.errors import OknoError
from okno.kit.nursery import Nursery
from okno.llm.service import LanguageModels

log = structlog.get_logger(__name__)

_PATIENCE = LONGEST + 10
"""Seconds for the end of the stream, and for storing it."""


class AnsweringService:
    """Makes answers, and ends those whose process died. It needs a scope of its own."""

    def __init__(
        self,
        nursery: Nursery,
        models: LanguageModels,
        stops: Stops,
        leases: Leases,
        endings: Endings,
        running: RunningGenerations,
    ) -> None:
        self._nursery = nursery
        self._models = models
        self._stops = stops
        self._leases = leases
        self._endings = endings
        self._running = running

    async def answer(self, generation: Generation) -> AsyncGenerator[Progress, None]:
        """Answer a question that `QuestionsService` has stored, and end it whatever happens.

        Yields the newest state only: places in the queue, the growing text, at last `Answered`.
        Raises the errors of `okno.llm.errors`, `AnswerFiltered`, `AnswerStopped` (before the first
        word), `AnswerInterrupted`, and `TemporarilyUnavailable` when the end could not be stored.
        Ends without a word when the generation was taken over, or its user was deleted. When it is
        closed early the answer ends, too, and what there is of it is charged; `end_abandoned` then
        returns it, since nobody was told, unless it was asked over HTTP.
        """
        run = Run(generation)
        self._nursery.start(self._make(run), name=f"answer {generation.id}")
        try:
            while (progress := await run.feed.take()) is not None:
                yield progress
        finally:
            run.leave()
            if not run.feed.closed.is_set():
                async with asyncio.timeout(_PATIENCE):
                    await run.feed.closed.wait()

    async def end_abandoned(self, actor: Actor, origin: Origin) -> tuple[Interrupted, ...]:
        """End the generations of a surface that nobody told the user the end of. System only.

        Each is returned once, whoever asks: then it is the caller who has to tell.
        """
        actor.require_system()
        return await self._running.end_abandoned(origin)

    async def _make(self, run: Run) -> None:
        with RUNNING.track_inprogress():
            try:
                with (
                    self._stops.watching(run.generation.id, run.stop),
                    self._leases.keeping(run),
                ):
                    await run.work.do(partial(self._stream, run))
            except asyncio.CancelledError:
                run.leave()
                raise
            finally:
                await self._endings.end(run)

    async def _stream(self, run: Run) -> None:
        generation = run.generation
        stream = self._models.stream(
            generation.prompt,
            user_id=generation.user_id,
            conversation_id=generation.conversation_id,
            facts=run.facts,
        )
        try:
            async with aclosing(stream):
                async for event in stream:
                    run.note(event)
        except OknoError as error:
            run.error = error
        except Exception:
            log.exception("answer failed unexpectedly", generation=str(generation.id))
            run.error = AnswerInterrupted()
