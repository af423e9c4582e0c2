"""The gateway to one provider: it queues, repeats and limits requests in time."""

import asyncio
import random
from collections.abc import AsyncGenerator
from contextlib import aclosing

from okno.llm.config import LlmSettings
from okno.llm.dto import Chunk, Finish, Prompt, Queued, Trace
from okno.llm.errors import (
    ModelAnswerEmpty,
    ModelBusy,
    ModelCrowded,
    ModelStreamBroken,
    ModelTimeout,
    ModelUnavailable,
)
from okno.llm.port import ModelProvider
from okno.llm.queue import FairQueue, Ticket
from okno.llm.service.cooldown import Cooldown
from okno.llm.service.metrics import QUEUE_LENGTH
from okno.llm.service.request_log import RequestLog

_ATTEMPTS = 3
_FIRST_DELAY_SECONDS = 0.2
"""Seconds before the second attempt; twice as long before the third."""

_PAUSE_PER_ANSWER_SECONDS = 0.0002
"""Seconds of pause per running answer before an answer is looked at again.

Passing a text on to a client takes half of that. So with 500 answers at once each of them grows ten
times a second, and there is time left for new ones.
"""
_MIN_PAUSE_SECONDS = 0.005

_ANSWERED = (Finish.STOP, Finish.LENGTH)

_MAX_ANSWER_LENGTH = 1_000_000
"""Characters: no model writes so much, and each of them is held in memory."""


class ProviderGateway:
    """Sends requests to one provider within the limits of the settings."""

    def __init__(self, name: str, provider: ModelProvider, settings: LlmSettings) -> None:
        self.provider = provider
        self._name = name
        self._settings = settings
        self._cooldown = Cooldown()
        self._queue = FairQueue(
            slots=settings.concurrency,
            length=settings.queue_length,
            seconds=settings.queue_seconds,
        )

    async def answer(
        self, prompt: Prompt, user_id: int, request_log: RequestLog
    ) -> AsyncGenerator[Queued | Chunk, None]:
        """Wait for the turn, then stream. Raises the errors of `okno.llm.errors` and no others."""
        with request_log:
            self._refuse_while_cooling_down()
            ticket = self._queue.join(user_id)
            try:
                while True:
                    if ticket.place:
                        async with aclosing(self._turn(ticket)) as places:
                            async for place in places:
                                yield Queued(place)
                    request_log.note_sent()
                    try:
                        async with aclosing(self._attempts(prompt, request_log.trace)) as chunks:
                            async for chunk in chunks:
                                if not request_log.has_text:
                                    self._note_accepted()
                                request_log.note_chunk(chunk)
                                yield chunk
                                if chunk.finish is None:
                                    await self._pause_between_looks()
                        break
                    except ModelCrowded as error:
                        if request_log.has_text:
                            raise ModelStreamBroken from error
                        self._queue.put_back(ticket)
                    except ModelBusy as error:
                        self._cool_down(error)
                        raise
            finally:
                self._queue.leave(ticket)

    async def _pause_between_looks(self) -> None:
        """Pause before the answer is looked at again: texts that come meanwhile become one."""
        seconds = self._queue.running * _PAUSE_PER_ANSWER_SECONDS
        if seconds > _MIN_PAUSE_SECONDS:
            await asyncio.sleep(seconds)

    async def _turn(self, ticket: Ticket) -> AsyncGenerator[int, None]:
        with QUEUE_LENGTH.labels(self._name).track_inprogress():
            async with aclosing(self._queue.wait(ticket)) as places:
                async for place in places:
                    yield place

    async def _attempts(self, prompt: Prompt, trace: Trace) -> AsyncGenerator[Chunk, None]:
        """Stream; repeat a request that the provider could not begin, before the first text only.

        ADR 24 tells why this loop does not use stamina.
        """
        started = asyncio.get_running_loop().time()
        for attempt in range(_ATTEMPTS):
            begun = False
            try:
                async with aclosing(self._in_time(prompt, trace, started)) as chunks:
                    async for chunk in chunks:
                        begun = True
                        yield chunk
            except ModelUnavailable:
                if begun or attempt == _ATTEMPTS - 1:
                    raise
            else:
                return
            await asyncio.sleep(_FIRST_DELAY_SECONDS * 2**attempt * random.uniform(1, 2))  # noqa: S311 - no secret

    async def _in_time(
        self, prompt: Prompt, trace: Trace, started: float
    ) -> AsyncGenerator[Chunk, None]:
        """Stream within the time limits: to the first text, between texts, for the whole answer."""
        loop = asyncio.get_running_loop()
        end = started + self._settings.answer_seconds
        limit = asyncio.timeout_at(min(started + self._settings.first_token_seconds, end))
        try:
            async with limit, aclosing(self.provider.stream(prompt, trace)) as chunks:
                async for chunk in chunks:
                    _check(chunk)
                    # The reader may take as long as it needs.
                    limit.reschedule(None)
                    yield chunk
                    limit.reschedule(min(loop.time() + self._settings.stall_seconds, end))
        except TimeoutError as error:
            raise ModelTimeout from error

    def _refuse_while_cooling_down(self) -> None:
        if (busy := self._cooldown.error()) is not None:
            raise busy

    def _cool_down(self, limit: ModelBusy) -> None:
        """Send the provider nothing for a while, and refuse the requests that wait."""
        seconds = int(limit.values["seconds"])
        self._cooldown.begin(seconds)
        self._queue.refuse_waiting(lambda: self._cooldown.error() or ModelBusy(seconds=seconds))

    def _note_accepted(self) -> None:
        """Note that the provider has accepted a request, so no limit holds."""
        self._queue.taken()
        self._cooldown.end()


def _check(chunk: Chunk) -> None:
    """Raise `ModelStreamBroken` for an endless answer, `ModelAnswerEmpty` for one without text."""
    if len(chunk.text) > _MAX_ANSWER_LENGTH:
        raise ModelStreamBroken
    if chunk.finish in _ANSWERED and not chunk.text.strip():
        raise ModelAnswerEmpty
