"""Drops connections, and notices when a client has closed one."""

import asyncio
from asyncio import Transport
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope, Send

_KEY: Final = "sandbox.web.transport"

T = TypeVar("T")


def remember_transport(scope: Scope, send: Send) -> None:
    """Store the transport of the connection in the scope, for `abort`.

    Call this before any middleware replaces `send`: then `send` is a method of uvicorn's object for
    this request, which has the transport.
    """
    scope[_KEY] = getattr(getattr(send, "__self__", None), "transport", None)


async def abort(request: Request) -> Response:
    """Close the connection. The response is never sent.

    Raises RuntimeError under other servers than uvicorn.
    """
    transport: Transport | None = request.scope.get(_KEY)
    if transport is None:
        raise RuntimeError("only under uvicorn can a connection be dropped")
    transport.abort()
    await _disconnected(request)
    return Response()


async def run_until_disconnect(request: Request, work: Coroutine[Any, Any, T]) -> T | None:
    """Return the result of the work, or None when the client disconnects first.

    The work is then cancelled: otherwise the poll of a killed bot would go on waiting.
    """
    loop = asyncio.get_running_loop()
    working, leaving = loop.create_task(work), loop.create_task(_disconnected(request))
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        working.cancel()
        leaving.cancel()


async def _disconnected(request: Request) -> None:
    """Wait for the end of the connection. The body must have been read before."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
