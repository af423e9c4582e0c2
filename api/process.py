"""One process of the API: its start, its work, its end."""

import asyncio
import socket
from collections.abc import Callable
from functools import partial

import structlog

from api.app import create_app
from api.config import ApiSettings
from api.draining import Draining
from api.gauges import Gauges
from api.ioc import ApiProvider
from api.server import ApiServer
from api.sockets import listen, serving_metrics
from okno.accounts.config import ApiAddressSettings, IdentitySettings
from okno.assistant.service import QuestionsService
from okno.billing.service import PaymentsService
from okno.kit.nursery import Nursery
from okno.kit.program import StopSignals, settle_memory, until_signal
from okno.kit.settings import Settings
from okno.llm.service import LanguageModels
from okno.program import running_services

log = structlog.get_logger(__name__)


async def run_until_signal(settings: Settings) -> None:
    """Run the API in one process until SIGTERM or SIGINT. Raises `StartupError`."""
    await until_signal(partial(run_alone, settings))


async def run_alone(settings: Settings, signals: StopSignals) -> None:
    """Answer requests and serve the metrics of this process. Raises `StartupError`."""
    with listen(settings[ApiSettings]) as listener:
        async with serving_metrics(settings[ApiSettings]):
            await run(settings, signals, listener, partial(log.info, "api started"))


async def run(
    settings: Settings, signals: StopSignals, listener: socket.socket, started: Callable[[], None]
) -> None:
    """Answer requests on this socket until a stop signal, then finish the running ones.

    Raises `StartupError` when the process can't start.
    """
    settings[IdentitySettings].require_secret()
    async with running_services(
        settings, ApiProvider(), needed=(PaymentsService, QuestionsService)
    ) as container:
        models = await container.get(LanguageModels)
        nursery = await container.get(Nursery)
        nursery.start(models.check(), name="check of the models")
        app = create_app(container, settings[ApiSettings], settings[ApiAddressSettings].url)
        server = ApiServer(app, settings[ApiSettings], await container.get(Draining))
        settle_memory()
        await asyncio.sleep(0)  # handle a signal that came during the start
        async with asyncio.TaskGroup() as tasks:
            answering = tasks.create_task(server.serve(sockets=[listener]))
            updating = tasks.create_task((await container.get(Gauges)).run())
            await server.ready.wait()
            signals.working = True
            started()
            await signals.stop.wait()
            log.info("stopping")
            server.should_exit = True
            await answering
            updating.cancel()
