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
from okno.assistant.service.growing_answer import (
    CompletionAnswer,
    ConversationAnswer,
    End,
    GrowingAnswer,
)
from okno.assistant.service.metrics import RUNNING
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

        The mailbox has places in the queue, the growing text, and at last `Answered`. It raises
        the errors of `okno.llm.errors`, `AnswerFiltered`, `AnswerStopped` (before the first word),
        `AnswerInterrupted`, or `TemporarilyUnavailable` when the end could not be stored. It ends
        without any of these when the generation was abandoned by another process, or its user was
        deleted. When the block is left early the answer ends, and the text so far is charged;
        `AbandonedGenerations` then returns it, since nobody was told, unless it was asked over
        HTTP.
        """
        answer = ConversationAnswer(generation)
        watched = self._watch.watching(answer)
        return self._followed(answer, partial(self._generate, answer, self._conversations, watched))

    def complete(
        self, answer: CompletionAnswer
    ) -> AbstractAsyncContextManager[Latest[Queued | Growing | Completed]]:
        """Do the same for a completion, which ends with `Completed`."""
        return self._followed(
            answer, partial(self._generate, answer, self._completions, nullcontext())
        )

    @asynccontextmanager
    async def _followed(
        self, answer: GrowingAnswer[End], work: Callable[[], Coroutine[Any, Any, None]]
    ) -> AsyncIterator[Latest[Queued | Growing | End]]:
        self._nursery.start(work(), name=f"answer {answer.prompt.request_id}")
        try:
            yield answer.latest
        finally:
            answer.leave()
            if not answer.latest.closed.is_set():
                async with asyncio.timeout(FINISH_WAIT_SECONDS):
                    await answer.latest.closed.wait()

    async def _generate(
        self,
        answer: GrowingAnswer[End],
        finisher: Finisher[Any],
        watched: AbstractContextManager[None],
    ) -> None:
        with RUNNING.track_inprogress():
            try:
                with watched:
                    await answer.work.do(partial(self._stream, answer))
            except asyncio.CancelledError:
                answer.leave()
                raise
            finally:
                await finisher.finish(answer)

    async def _stream(self, answer: GrowingAnswer[End]) -> None:
        stream = self._models.stream(
            answer.prompt,
            user_id=answer.user_id,
            conversation_id=answer.conversation_id,
            facts=answer.facts,
        )
        try:
            async with aclosing(stream):
                async for event in stream:
                    answer.note(event)
                    if answer.work.is_over:
                        break
        except OknoError as error:
            answer.error = error
        except Exception:
            log.exception("answer failed unexpectedly", **answer.ids)
            answer.error = AnswerInterrupted()
