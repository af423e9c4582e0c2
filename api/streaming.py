"""Long answers, whole or streamed: they end when the client leaves or the process ends.

Own code instead of sse-starlette, for the reasons of ADR 19. A slow client slows no other one: a
generation keeps only its newest state, from which the next event is made when the client has taken
the last one.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, aclosing, suppress
from functools import partial
from typing import Any

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from api.cancellation import Watcher, cancelled_by
from api.disconnects import ClientLeft, until_left
from api.draining import Draining
from api.errors import Unexpected
from api.events import comment, event
from api.problem_answers import ProblemAnswers
from api.request_info import request_info_of
from okno.kit.errors import OknoError

log = structlog.get_logger(__name__)

HEARTBEAT_SECONDS = 15.0
"""Proxies close connections that are silent for a minute, some of them sooner."""
_SEND_TIMEOUT_SECONDS = 60.0
"""A client that takes nothing for so long is given up."""
_UNWATCHED_SECONDS = 0.25
"""An answer that is ready sooner does not pay for watching the client."""
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # nginx would collect events before it sends them
}


class Streams:
    """Makes long answers; one per process.

    `interrupted` is the error that a client gets when the process ends before the answer.
    """

    def __init__(self, problems: ProblemAnswers, draining: Draining) -> None:
        self._problems = problems
        self._draining = draining

    def open(
        self,
        request: Request,
        events: AsyncGenerator[bytes, None],
        *,
        interrupted: OknoError,
        error_name: str | None,
    ) -> "EventStream":
        """Return a response that streams events.

        An error after the first event becomes an event with the name `error_name`.
        """
        info = request_info_of(request)

        def write_error(error: OknoError) -> bytes:
            return event(self._problems.body(error, info), error_name)

        return EventStream(events, partial(self._draining.wait, interrupted), write_error)

    def waiting(
        self, request: Request, *, interrupted: OknoError, outlives_client: bool = False
    ) -> AbstractAsyncContextManager[None]:
        """Run a block while the client waits for a whole answer.

        `outlives_client`: go on when the client leaves, because it will ask for the same answer
        again. Raises `ClientLeft`, and `interrupted`.
        """
        drained = partial(self._draining.wait, interrupted)
        left = partial(until_left, request.receive)
        watchers = (drained,) if outlives_client else (left, drained)
        return cancelled_by(*watchers, after=_UNWATCHED_SECONDS)


class EventStream(Response):
    """Sends events as they come, and comments while none come.

    The status goes out with the first event: an error before it is answered like any other error. A
    later one becomes the last event.
    """

    media_type = "text/event-stream"

    def __init__(
        self,
        events: AsyncGenerator[bytes, None],
        until_drained: Watcher,
        write_error: Callable[[OknoError], bytes],
    ) -> None:
        super().__init__(headers=_HEADERS)
        del self.headers["content-length"]
        self._events = events
        self._until_drained = until_drained
        self._write_error = write_error
        self._is_started = False
        self._sending = asyncio.Lock()

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        with suppress(ClientLeft):
            try:
                keep_alive = partial(self._keep_alive, receive, send)
                async with cancelled_by(keep_alive, self._until_drained):
                    await self._send_all(send)
            except ClientLeft:
                raise
            except Exception as error:
                if not self._is_started:
                    raise
                await self._send(send, self._write_error(_as_okno_error(error)))
            await self._send(send, b"", more_body=False)

    async def _send_all(self, send: Send) -> None:
        async with aclosing(self._events) as events:
            async for piece in events:
                await self._send(send, piece)

    async def _keep_alive(self, receive: Receive, send: Send) -> None:
        """Send a comment from time to time. Raises `ClientLeft` when the client has left."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(HEARTBEAT_SECONDS):
                    await until_left(receive)
            if not self._sending.locked():
                await self._send(send, comment("still here"))

    async def _send(self, send: Send, piece: bytes, *, more_body: bool = True) -> None:
        """Send a piece as soon as the client has taken those before. Raises `ClientLeft`."""
        try:
            async with self._sending, asyncio.timeout(_SEND_TIMEOUT_SECONDS):
                if not self._is_started:
                    self._is_started = True
                    await send(self._start())
                await send({"type": "http.response.body", "body": piece, "more_body": more_body})
        except TimeoutError:
            raise ClientLeft from None

    def _start(self) -> Message:
        return {
            "type": "http.response.start",
            "status": self.status_code,
            "headers": self.raw_headers,
        }


def described_stream(example: str) -> dict[str, Any]:
    """Describe for the OpenAPI document that the answer can be a stream, too."""
    media = {"schema": {}, "example": example}
    return {"description": "The answer.", "content": {"text/event-stream": media}}


def _as_okno_error(error: Exception) -> OknoError:
    if isinstance(error, OknoError):
        return error
    log.error("stream failed", exc_info=error)
    return Unexpected()
