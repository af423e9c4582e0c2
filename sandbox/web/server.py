"""uvicorn for an emulator: it stops at once, although polls and streams never end."""

import asyncio
import socket
from typing import Final, Protocol

import uvicorn
from starlette.types import Receive, Scope, Send

_GRACE_SECONDS: Final = 3


class EndlessApp(Protocol):
    """`close` ends what would wait for ever; it is called before connections are waited for."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None: ...

    def close(self) -> None: ...


def listen(host: str = "127.0.0.1", port: int = 0) -> socket.socket:
    """A listening socket; port 0 takes any free one.

    The protocol is named because asyncio switches Nagle's algorithm off only where it is; left
    on, every answer takes 40 ms.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen()
    return listener


class EmulatorServer(uvicorn.Server):
    """Ends what waits before it waits for the connections to end.

    `ready` is set once connections are accepted.
    """

    def __init__(self, app: EndlessApp) -> None:
        self._app = app
        self.ready = asyncio.Event()
        super().__init__(
            uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=_GRACE_SECONDS)
        )

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._app.close()
        await super().shutdown(sockets)
