"""The emulators as one web application: Bot API, sim API, chat page and language models."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from sandbox.llm import LanguageModelEmulator
from sandbox.llm.app import model_routes
from sandbox.telegram.botapi import BotApi
from sandbox.telegram.core.emulator import Emulator
from sandbox.telegram.gateway import ApiGateway
from sandbox.telegram.headers import PageHeaders
from sandbox.telegram.sim.app import create_sim
from sandbox.telegram.sim.events import EventStreams
from sandbox.telegram.webhook import Backoff, WebhookDelivery
from sandbox.web.connection import remember_transport

_PAGE: Final = Path(__file__).with_name("page")


class EmulatorApp(FastAPI):
    """`close` ends endless answers; call it before the server waits for connections."""

    def __init__(
        self, emulator: Emulator, models: LanguageModelEmulator, *, backoff: Backoff | None
    ) -> None:
        self.gateway = ApiGateway(emulator)
        self._models = models
        self._streams = EventStreams(emulator)
        self._delivery = WebhookDelivery(self.gateway, backoff=backoff)
        super().__init__(
            openapi_url=None,
            lifespan=self._deliver,
            routes=[
                *BotApi(self.gateway).routes(),
                *model_routes(models),
                Mount("/sim", create_sim(self.gateway, self._streams)),
                *_page_routes(),
            ],
        )
        self.add_middleware(PageHeaders)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        remember_transport(scope, send)
        await super().__call__(scope, receive, send)

    def close(self) -> None:
        self.gateway.close()
        self._streams.close()
        self._models.close()

    @asynccontextmanager
    async def _deliver(self, _app: FastAPI) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as tasks:
            delivery = tasks.create_task(self._delivery.run())
            yield
            delivery.cancel()


def create_app(
    emulator: Emulator,
    models: LanguageModelEmulator | None = None,
    *,
    backoff: Backoff | None = None,
) -> EmulatorApp:
    """Make the application; tests shorten the pauses of a failing webhook with `backoff`."""
    return EmulatorApp(emulator, models or LanguageModelEmulator(), backoff=backoff)


def _page_routes() -> list[BaseRoute]:
    async def index(_request: Request) -> Response:
        return FileResponse(_PAGE / "index.html")

    return [Route("/", index), Mount("/page", StaticFiles(directory=_PAGE))]
