"""uvicorn with the signals, logs and limits of Okno."""

import asyncio
import logging
import socket
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

import uvicorn
from fastapi import FastAPI

from api.config import ApiSettings
from api.draining import Draining
from api.protocol import LimitedHttpProtocol
from okno.kit.timeouts import STREAM_FAREWELL_SECONDS

_KEEP_ALIVE_SECONDS: Final = 75
"""Longer than proxies keep idle connections, so that the proxy closes them first."""


class ApiServer(uvicorn.Server):
    """Leaves signals to the program; `ready` is set when connections are accepted."""

    def __init__(self, app: FastAPI, settings: ApiSettings, draining: Draining) -> None:
        logging.getLogger("uvicorn").setLevel(logging.ERROR)
        self.ready = asyncio.Event()
        self._draining = draining
        self._grace = settings.grace_seconds
        super().__init__(
            uvicorn.Config(
                app,
                http=LimitedHttpProtocol,
                ws="none",
                lifespan="on",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_keep_alive=_KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=round(settings.grace_seconds + STREAM_FAREWELL_SECONDS),
            )
        )

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept no more connections, finish running requests; streams end after the grace."""
        loop = asyncio.get_running_loop()
        timer = loop.call_later(self._grace, self._draining.is_due.set)
        await super().shutdown(sockets)
        timer.cancel()
