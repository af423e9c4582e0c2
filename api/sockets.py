"""The sockets of the API: one for clients, another for the metrics."""

import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from api.config import ApiSettings
from okno.kit.errors import StartupError
from okno.kit.metrics import render_metrics
from okno.kit.server import create_metrics_server, serving


def listen(settings: ApiSettings) -> socket.socket:
    """Open the socket for clients; several processes may share it. Raises `StartupError`."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # asyncio switches Nagle's algorithm off only where the protocol is named.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen(socket.SOMAXCONN)
    except OSError as error:
        listener.close()
        raise StartupError(
            f"can't listen at API_HOST {settings.host}, API_PORT {settings.port}: {error}"
        ) from error
    listener.setblocking(False)  # noqa: FBT003 - the library's own way
    return listener


@asynccontextmanager
async def serving_metrics(
    settings: ApiSettings, render: Callable[[], bytes] = render_metrics
) -> AsyncIterator[None]:
    """Serve `/metrics` during the block, unless the port is 0. Raises `StartupError`."""
    if not settings.metrics_port:
        yield
        return
    server = create_metrics_server(render)
    place = settings.metrics_host, settings.metrics_port
    async with serving(server, *place, prefix="API_METRICS_"):
        yield
