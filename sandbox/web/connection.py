"""The end of a connection: the client's, while it waits for an answer, and ours, without one."""

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
    """To be called where `send` is still the server's own.

    It is then a method of uvicorn's object for this request, which has the transport.
    """
    scope[_KEY] = getattr(getattr(send, "__self__", None), "transport", None)


async def abort(request: Request) -> Response:
    """Closes the connection; the response returned goes nowhere.

    Raises RuntimeError under a server whose connections can't be reached.
    """
    transport: Transport | None = request.scope.get(_KEY)
    if transport is None:
        raise RuntimeError("only under uvicorn can a connection be dropped")
    transport.abort()
    await _hung_up(request)
    return Response()


async def until_hung_up(request: Request, work: Coroutine[Any, Any, T]) -> T | None:
    """None when the client is gone before the work is done, which is then given up.

    Else the poll of a bot that was killed would go on waiting.
    """
    loop = asyncio.get_running_loop()
    working, leaving = loop.create_task(work), loop.create_task(_hung_up(request))
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        working.cancel()
        leaving.cancel()


async def _hung_up(request: Request) -> None:
    """The body must have been read."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
