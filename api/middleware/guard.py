"""Limits around all routes: size, time and number of requests. Unexpected errors become 500."""

import asyncio

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.config import ApiSettings
from api.disconnects import unread_response
from api.errors import Overloaded, RequestTimeout, Unexpected
from api.middleware.body import LimitedBody
from api.middleware.head import check_head
from api.problem_answers import ProblemAnswers
from api.request_info import request_info_in
from okno.kit.errors import OknoError

log = structlog.get_logger(__name__)

_STREAM = b"text/event-stream"


class Guard:
    """Refuses requests beyond the limits before a route runs; streams have no time limit."""

    def __init__(self, app: ASGIApp, problems: ProblemAnswers, settings: ApiSettings) -> None:
        self._app = app
        self._problems = problems
        self._settings = settings
        self._running = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        self._running += 1
        sending = _Sending(send)
        try:
            self._check(scope)
            await self._run(scope, receive, sending)
        except Exception as error:
            if sending.has_begun:
                raise
            await self._refuse(error, scope, receive, send)
        finally:
            self._running -= 1

    def _check(self, scope: Scope) -> None:
        if self._running > self._settings.requests_at_once:
            raise Overloaded
        check_head(scope, request_info_in(scope).request_headers, self._settings.max_body_bytes)

    async def _run(self, scope: Scope, receive: Receive, sending: "_Sending") -> None:
        """Run the routes. Raises `RequestTimeout`, and errors for which there is no handler."""
        if scope["method"] == "HEAD":
            # The server removes the body: it still has the scope with HEAD.
            scope = {**scope, "method": "GET"}
        body = LimitedBody(receive, self._settings.max_body_bytes)
        try:
            async with asyncio.timeout(self._settings.request_seconds) as sending.timeout:
                await self._app(scope, body, sending)
        except TimeoutError as error:
            if sending.timeout.expired():
                raise RequestTimeout from error
            raise
        finally:
            request_info_in(scope).route = getattr(scope.get("route"), "path", "")

    async def _refuse(self, error: Exception, scope: Scope, receive: Receive, send: Send) -> None:
        if isinstance(error, ClientDisconnect):
            await unread_response()(scope, receive, send)
            return
        if not isinstance(error, OknoError):
            log.error("request failed", exc_info=error)
            error = Unexpected()
        answer = self._problems.answer(error, request_info_in(scope))
        await answer(scope, receive, send)


class _Sending:
    """Notes that an answer has begun, and removes the time limit from a stream."""

    __slots__ = ("_send", "has_begun", "timeout")

    def __init__(self, send: Send) -> None:
        self._send = send
        self.has_begun = False
        self.timeout = asyncio.Timeout(None)

    async def __call__(self, message: Message) -> None:
        if not self.has_begun:
            self.has_begun = True
            if _is_stream(message):
                self.timeout.reschedule(None)
        await self._send(message)


def _is_stream(message: Message) -> bool:
    return any(
        name.lower() == b"content-type" and value.startswith(_STREAM)
        for name, value in message["headers"]
    )
