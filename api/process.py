"""The life of one process that answers requests: start, work, clean end."""

import asyncio
import socket
from collections.abc import Callable
from functools import partial

import structlog

from api.app import create_app
from api.config import ApiSettings
from api.draining import Draining
from api.ioc import ApiProvider
from api.measuring import Measuring
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
    """Be the only process, until SIGTERM or SIGINT. Raises `StartupError`."""
    await until_signal(partial(run_alone, settings))


async def run_alone(settings: Settings, signals: StopSignals) -> None:
    """Answer requests, and show the metrics of this process. Raises `StartupError`."""
    with listen(settings[ApiSettings]) as listener:
        async with serving_metrics(settings[ApiSettings]):
            await run(settings, signals, listener, partial(log.info, "api started"))


async def run(
    settings: Settings, signals: StopSignals, listener: socket.socket, started: Callable[[], None]
) -> None:
    """Answer the requests that come by this socket until told to stop; then finish them.

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
        await asyncio.sleep(0)  # a signal that came meanwhile ends us before anything is begun
        async with asyncio.TaskGroup() as tasks:
            answering = tasks.create_task(server.serve(sockets=[listener]))
            measuring = tasks.create_task((await container.get(Measuring)).run())
            await server.ready.wait()
            signals.working = True
            started()
            await signals.stop.wait()
            log.info("stopping")
            server.should_exit = True
            await answering
            measuring.cancel()
