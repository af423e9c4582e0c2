"""Limits for the size of a request body and for the time in which it must arrive."""

import asyncio

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

from api.errors import BodyTooLarge, BodyTooSlow, status_of
from okno.kit.errors import OknoError

BODY_SECONDS = 30.0


class BodyRefused(HTTPException):
    """Wraps an `OknoError`: FastAPI lets only `HTTPException` pass while it reads a body."""

    def __init__(self, error: OknoError) -> None:
        super().__init__(status_of(error))
        self.error = error


class LimitedBody:
    """The `receive` of a request. Raises `BodyRefused`.

    After the body it waits without limit: the next message is that the client has left.
    """

    __slots__ = ("_deadline", "_is_complete", "_left", "_most", "_receive")

    def __init__(self, receive: Receive, most: int) -> None:
        """`most`: the limit in bytes, whatever Content-Length says."""
        self._receive = receive
        self._most = self._left = most
        self._is_complete = False
        self._deadline: float | None = None

    async def __call__(self) -> Message:
        if self._is_complete:
            return await self._receive()
        message = await self._receive_in_time()
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            self._is_complete = not message.get("more_body", False)
        if self._left < 0:
            raise BodyRefused(BodyTooLarge(limit=self._most))
        return message

    async def _receive_in_time(self) -> Message:
        if self._deadline is None:
            self._deadline = asyncio.get_running_loop().time() + BODY_SECONDS
        try:
            async with asyncio.timeout_at(self._deadline):
                return await self._receive()
        except TimeoutError:
            raise BodyRefused(BodyTooSlow()) from None
