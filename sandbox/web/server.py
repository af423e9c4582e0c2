"""uvicorn for an emulator: it stops at once, although polls and streams are endless."""

import asyncio
import signal
import socket
import sys
from contextlib import suppress
from typing import Final, Protocol

import uvicorn
from starlette.types import Receive, Scope, Send

_GRACE_SECONDS: Final = 3


class EndlessApp(Protocol):
    """`close` ends endless answers. The server calls it before it waits for its connections."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None: ...

    def close(self) -> None: ...


def listen(host: str = "127.0.0.1", port: int = 0) -> socket.socket:
    """Open a listening socket; port 0 takes any free port.

    The socket names its protocol. Without the name asyncio does not switch off Nagle's algorithm,
    and every answer takes 40 ms.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen()
    return listener


def serve(app: EndlessApp, name: str, host: str, port: int) -> None:
    """Serve until SIGTERM or Ctrl-C; first print the name and the address, for the caller."""
    listener = listen(host, port)
    sys.stdout.write(f"{name} on http://{host}:{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    # uvicorn stops cleanly, then raises the signal again for the former handler.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        asyncio.run(EmulatorServer(app).serve(sockets=[listener]))


class EmulatorServer(uvicorn.Server):
    """Closes the app before it waits for open connections.

    `ready` is set when the server accepts connections.
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
