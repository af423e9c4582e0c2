"""The third step of an answer: it is generated, outside any transaction.

A task of the nursery generates it, then finishes it, whatever happens. Whoever shows it reads its
newest state from a mailbox, and may go away.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    aclosing,
    asynccontextmanager,
    nullcontext,
)
from functools import partial
from typing import Any

import structlog

from okno.assistant.dto import Answered, Completed, Generation, Growing
from okno.assistant.errors import AnswerInterrupted
from okno.assistant.service.finish import Finisher
from okno.assistant.service.finish_completion import CompletionFinisher
from okno.assistant.service.finish_conversation import ConversationFinisher
from okno.assistant.service.metrics import RUNNING
from okno.assistant.service.run import CompletionRun, ConversationRun, End, Run
from okno.assistant.service.watch import GenerationWatch
from okno.kit.errors import OknoError
from okno.kit.latest import Latest
from okno.kit.nursery import Nursery
from okno.kit.timeouts import FINISH_WAIT_SECONDS
from okno.llm.dto import Queued
from okno.llm.service import LanguageModels

log = structlog.get_logger(__name__)


class AnswerGenerator:
    """Generates answers, and sees to it that each is finished once."""

    def __init__(
        self,
        nursery: Nursery,
        models: LanguageModels,
        watch: GenerationWatch,
        conversations: ConversationFinisher,
        completions: CompletionFinisher,
    ) -> None:
        self._nursery = nursery
        self._models = models
        self._watch = watch
        self._conversations = conversations
        self._completions = completions

    def answer(
        self, generation: Generation
    ) -> AbstractAsyncContextManager[Latest[Queued | Growing | Answered]]:
        """Answer a question that was begun.

        The mailbox has places in the queue, the growing text, and at last `Answered`. It ends with
        the errors of `okno.llm.errors`, `AnswerFiltered`, `AnswerStopped` (before the first word),
        `AnswerInterrupted`, or `TemporarilyUnavailable` when the end could not be stored. It ends
        without any of these when the generation was abandoned by another process, or its user was
        deleted. When the block is left early the answer ends, and the text so far is charged;
        `AbandonedGenerations` then returns it, since nobody was told, unless it was asked over
        HTTP.
        """
        run = ConversationRun(generation)
        watched = self._watch.watching(run)
        return self._followed(run, partial(self._generate, run, self._conversations, watched))

    def complete(
        self, run: CompletionRun
    ) -> AbstractAsyncContextManager[Latest[Queued | Growing | Completed]]:
        """Do the same for a completion, which ends with `Completed`."""
        return self._followed(run, partial(self._generate, run, self._completions, nullcontext()))

    @asynccontextmanager
    async def _followed(
        self, run: Run[End], work: Callable[[], Coroutine[Any, Any, None]]
    ) -> AsyncIterator[Latest[Queued | Growing | End]]:
        self._nursery.start(work(), name=f"answer {run.prompt.request_id}")
        try:
            yield run.latest
        finally:
            run.leave()
            if not run.latest.closed.is_set():
                async with asyncio.timeout(FINISH_WAIT_SECONDS):
                    await run.latest.closed.wait()

    async def _generate(
        self, run: Run[End], finisher: Finisher[Any], watched: AbstractContextManager[None]
    ) -> None:
        with RUNNING.track_inprogress():
            try:
                with watched:
                    await run.work.do(partial(self._stream, run))
            except asyncio.CancelledError:
                run.leave()
                raise
            finally:
                await finisher.finish(run)

    async def _stream(self, run: Run[End]) -> None:
        stream = self._models.stream(
            run.prompt,
            user_id=run.user_id,
            conversation_id=run.conversation_id,
            facts=run.facts,
        )
        try:
            async with aclosing(stream):
                async for event in stream:
                    run.note(event)
                    if run.work.is_over:
                        break
        except OknoError as error:
            run.error = error
        except Exception:
            log.exception("answer failed unexpectedly", **run.ids)
            run.error = AnswerInterrupted()
