"""A service that answers with the very bytes that a test tells it, for what no emulator does."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.support.wait import until

_PAUSE = 0.003
"""Seconds between two pieces, so that they travel alone."""


@dataclass(frozen=True, slots=True)
class Reply:
    """`pieces` of a body; then it ends well, is cut, or is held until the client goes."""

    pieces: tuple[bytes, ...] = ()
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    hold: bool = False


@dataclass(slots=True)
class Service:
    """`replies` in their order, the last one for ever; `requests` as (path, headers, body)."""

    address: str = ""
    replies: list[Reply] = field(default_factory=list)
    requests: list[tuple[str, Mapping[str, str], Any]] = field(default_factory=list)
    connections: set[object] = field(default_factory=set)
    left: int = 0

    def reply(self, *pieces: bytes, **options: Any) -> None:
        self.replies.append(Reply(pieces, **options))

    @property
    def body(self) -> Any:
        """The body of the last request."""
        return self.requests[-1][2]

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the last request."""
        return self.requests[-1][1]

    async def wait_until_left(self) -> None:
        await until(lambda: self.left > 0, "the client to close the connection")

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.json() if request.can_read_body else None
        self.requests.append((request.path, request.headers, body))
        self.connections.add(request.transport)
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        response = web.StreamResponse(status=reply.status, headers=reply.headers)
        await response.prepare(request)
        try:
            for piece in reply.pieces:
                await response.write(piece)
                await asyncio.sleep(_PAUSE)
            while reply.hold:
                await response.write(b"\n")
                await asyncio.sleep(_PAUSE)
        except ConnectionError:
            self.left += 1
            raise
        if reply.cut and request.transport is not None:
            request.transport.abort()
        return response


@asynccontextmanager
async def scripted_service() -> AsyncIterator[Service]:
    service = Service()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", service.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    (host, port) = runner.addresses[0][:2]
    service.address = f"http://{host}:{port}"
    yield service
    await runner.cleanup()
