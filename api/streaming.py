"""Answers that take their time, whole or growing, for as long as somebody waits for them.

A reader who is slow slows nobody but himself: what is sent is made of the newest state, which waits
for him.
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

from api.disconnects import ClientLeft, until_left
from api.draining import Draining
from api.errors import Unexpected
from api.events import comment, event
from api.problem_answers import ProblemAnswers
from api.request_info import request_info_of
from api.watching import until_drained, watched
from okno.kit.errors import OknoError

log = structlog.get_logger(__name__)

HEARTBEAT_SECONDS = 15.0
"""Proxies close connections on which nothing is said for a minute, some sooner."""
_SEND_SECONDS = 60.0
"""How long a reader may take nothing at all."""
_USUAL_SECONDS = 0.25
"""What is answered sooner does not pay for being watched."""
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # nginx would keep the events until there are many
}


class Streams:
    """Answers those who wait, until they go or the process ends; one per process."""

    def __init__(self, problems: ProblemAnswers, draining: Draining) -> None:
        self._problems = problems
        self._draining = draining

    def open(
        self, request: Request, events: AsyncGenerator[bytes, None], *, error_name: str | None
    ) -> "EventStream":
        """Stream events; a problem that comes after the first is the event `error_name`."""
        info = request_info_of(request)

        def tell(error: OknoError) -> bytes:
            return event(self._problems.body(error, info), error_name)

        return EventStream(events, self._draining, tell)

    def waiting(
        self, request: Request, *, comes_again: bool = False
    ) -> AbstractAsyncContextManager[None]:
        """Run a block while the client waits for a whole answer.

        `comes_again`: whoever leaves will ask for this very answer, so it is finished. Raises
        `ClientLeft`, and `AnswerInterrupted` at the end of the process.
        """
        left, drained = partial(until_left, request.receive), partial(until_drained, self._draining)
        watchers = (drained,) if comes_again else (left, drained)
        return watched(*watchers, after=_USUAL_SECONDS)


class EventStream(Response):
    """Sends events as they come.

    The status goes out with the first of them: an error before it is answered as any other. A later
    one is the last event, which `tell` makes.
    """

    media_type = "text/event-stream"

    def __init__(
        self,
        events: AsyncGenerator[bytes, None],
        draining: Draining,
        tell: Callable[[OknoError], bytes],
    ) -> None:
        super().__init__(headers=_HEADERS)
        del self.headers["content-length"]
        self._events = events
        self._draining = draining
        self._tell = tell
        self._is_started = False
        self._sending = asyncio.Lock()

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        attend = partial(self._attend, receive, send)
        with suppress(ClientLeft):
            try:
                async with watched(attend, partial(until_drained, self._draining)):
                    await self._send_all(send)
            except ClientLeft:
                raise
            except Exception as error:
                if not self._is_started:
                    raise
                await self._write(send, self._tell(_tellable(error)))
            await self._write(send, b"", more_body=False)

    async def _send_all(self, send: Send) -> None:
        async with aclosing(self._events) as events:
            async for piece in events:
                await self._write(send, piece)

    async def _attend(self, receive: Receive, send: Send) -> None:
        """Show now and then that we are here; raise `ClientLeft` when nobody is there."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(HEARTBEAT_SECONDS):
                    await until_left(receive)
            if not self._sending.locked():
                await self._write(send, comment("still here"))

    async def _write(self, send: Send, piece: bytes, *, more_body: bool = True) -> None:
        """Send once the reader has taken what was sent before. Raises `ClientLeft`."""
        try:
            async with self._sending, asyncio.timeout(_SEND_SECONDS):
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


def _tellable(error: Exception) -> OknoError:
    if isinstance(error, OknoError):
        return error
    log.error("stream failed", exc_info=error)
    return Unexpected()
