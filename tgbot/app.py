"""The life of the bot process: start, work, clean end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import structlog
from aiogram import Bot, Dispatcher
from aiogram.exceptions import TelegramUnauthorizedError
from aiohttp import web
from dishka import AsyncContainer

from okno.ioc import create_container
from okno.kit.db import Engine, check_database
from okno.kit.errors import StartupError
from okno.kit.health import HealthChecks
from okno.kit.nursery import Nursery
from okno.kit.redis import Redis, check_redis
from okno.kit.schema import check_schema
from okno.settings import ServerSettings, Settings
from tgbot.client.bot import check_token, create_bot
from tgbot.dispatcher import create_dispatcher, used_updates
from tgbot.handlers.commands import publish_commands
from tgbot.lanes import Lanes
from tgbot.polling import Polling
from tgbot.server import add_webhook, create_server
from tgbot.signals import StopSignals
from tgbot.webhook import set_webhook, webhook_path, webhook_secret

log = structlog.get_logger(__name__)

HTTP_GRACE_SECONDS = 20.0


async def run_until_signal(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT. Raises `StartupError`."""
    signals = StopSignals()
    signals.install()
    with suppress(asyncio.CancelledError):
        await run(settings, signals)


async def run(settings: Settings, signals: StopSignals) -> None:
    """Run until told to stop; then updates in work are finished and nothing new is taken.

    Raises `StartupError` when the process can't start, or when its token is revoked.
    """
    async with AsyncExitStack() as stack:
        container = create_container(settings)
        stack.push_async_callback(container.close)
        engine = await container.get(Engine)
        await check_database(engine)
        await check_schema(engine)
        await check_redis(await container.get(Redis))
        bot = create_bot(settings.telegram, container)
        stack.push_async_callback(bot.session.close)
        await check_token(bot)
        dispatcher = await stack.enter_async_context(_running_dispatcher(container, bot))
        nursery = await container.get(Nursery)
        stack.push_async_callback(nursery.close)
        lanes = Lanes(bot, dispatcher, nursery)
        signals.working = True
        await _work(settings, container, bot, dispatcher, lanes, signals.stop)
        log.info("stopping")


async def _work(
    settings: Settings,
    container: AsyncContainer,
    bot: Bot,
    dispatcher: Dispatcher,
    lanes: Lanes,
    stop: asyncio.Event,
) -> None:
    server = create_server(await container.get(HealthChecks))
    updates = used_updates(dispatcher)
    if settings.telegram.webhook_url is None:
        async with _serving(server, settings.server):
            polling = Polling(bot, lanes, updates)
            log.info("bot started", mode="polling", bot=(await bot.me()).username)
            await _poll_until(stop, polling)
        return
    path = webhook_path(settings.telegram.webhook_url)
    add_webhook(server, path, webhook_secret(settings.telegram), bot, lanes)
    async with _serving(server, settings.server):
        await set_webhook(bot, settings.telegram, updates)
        log.info("bot started", mode="webhook", bot=(await bot.me()).username)
        await stop.wait()


async def _poll_until(stop: asyncio.Event, polling: Polling) -> None:
    async def cancel_on_stop(task: asyncio.Task[None]) -> None:
        await stop.wait()
        task.cancel()

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(cancel_on_stop(group.create_task(polling.run())))
    except* TelegramUnauthorizedError:
        raise StartupError("Telegram does not accept TELEGRAM_BOT_TOKEN any more.") from None
    await polling.confirm()


@asynccontextmanager
async def _running_dispatcher(container: AsyncContainer, bot: Bot) -> AsyncIterator[Dispatcher]:
    dispatcher = await create_dispatcher(container)
    await dispatcher.emit_startup(bot=bot)
    await publish_commands(bot, dispatcher["i18n_core"])
    try:
        yield dispatcher
    finally:
        await dispatcher.emit_shutdown(bot=bot)


@asynccontextmanager
async def _serving(app: web.Application, settings: ServerSettings) -> AsyncIterator[None]:
    """Listen; at the end refuse new requests and let those in work finish."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=HTTP_GRACE_SECONDS)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
    except OSError as error:
        await runner.cleanup()
        raise StartupError(
            f"can't listen at SERVER_HOST {settings.host}, SERVER_PORT {settings.port}: {error}"
        ) from error
    try:
        yield
    finally:
        await runner.cleanup()
