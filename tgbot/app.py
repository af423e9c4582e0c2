"""The life of the bot process: start, work, clean end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

import structlog
from aiogram import Bot, Dispatcher
from aiogram.exceptions import TelegramUnauthorizedError
from dishka import AsyncContainer

from okno.accounts.service import AccountsService, ConfirmationsService
from okno.assistant.service import AbandonedGenerations, ConversationsService, QuestionsService
from okno.billing.service import PaymentsService
from okno.kit.errors import StartupError
from okno.kit.health import HealthChecks
from okno.kit.nursery import Nursery
from okno.kit.program import StopSignals, settle_memory, until_signal
from okno.kit.server import create_server, serving
from okno.kit.settings import Settings
from okno.kit.wakeups import Wakeups
from okno.llm.service import LanguageModels
from okno.program import running_services
from tgbot.client.bot import check_token
from tgbot.config import ServerSettings, TelegramSettings
from tgbot.confirmations import ConfirmationWatcher
from tgbot.dispatcher import create_dispatcher, used_updates
from tgbot.handlers.commands import publish_commands
from tgbot.interruptions import InterruptionWatcher
from tgbot.ioc import BotProvider
from tgbot.polling import Polling
from tgbot.update_queues import UpdateQueues
from tgbot.webhook import add_webhook, set_webhook, webhook_path, webhook_secret

log = structlog.get_logger(__name__)


async def run_until_signal(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT. Raises `StartupError`."""
    await until_signal(partial(run, settings))


async def run(settings: Settings, signals: StopSignals) -> None:
    """Run until a signal comes, then finish the updates in work and take no new ones.

    Raises `StartupError` when the process can't start, or when its token is revoked.
    """
    async with AsyncExitStack() as stack:
        container = await stack.enter_async_context(
            running_services(settings, BotProvider(), needed=(PaymentsService, QuestionsService))
        )
        bot = await container.get(Bot)
        await check_token(bot)
        dispatcher = await stack.enter_async_context(_running_dispatcher(container, bot))
        nursery = await container.get(Nursery)
        stack.push_async_callback(nursery.close)
        models = await container.get(LanguageModels)
        nursery.start(models.check(), name="check of the models")
        queues = UpdateQueues(bot, dispatcher, nursery)
        wakeups = await container.get(Wakeups)
        interruptions = InterruptionWatcher(
            await container.get(AccountsService),
            await container.get(AbandonedGenerations),
            await container.get(ConversationsService),
            wakeups,
            bot,
            dispatcher["windows"],
        )
        await stack.enter_async_context(interruptions.running(nursery))
        confirmations = ConfirmationWatcher(
            await container.get(ConfirmationsService),
            wakeups,
            bot,
            dispatcher["confirmation_windows"],
        )
        await stack.enter_async_context(confirmations.running(nursery))
        settle_memory()
        signals.working = True
        await _work(settings, container, bot, dispatcher, queues, signals.stop)
        log.info("stopping")


async def _work(
    settings: Settings,
    container: AsyncContainer,
    bot: Bot,
    dispatcher: Dispatcher,
    queues: UpdateQueues,
    stop: asyncio.Event,
) -> None:
    server = create_server(await container.get(HealthChecks))
    address, telegram = settings[ServerSettings], settings[TelegramSettings]
    listening = serving(server, address.host, address.port, prefix="SERVER_")
    updates = used_updates(dispatcher)
    if telegram.webhook_url is None:
        async with listening:
            polling = Polling(bot, queues, updates)
            log.info("bot started", mode="polling", bot=(await bot.me()).username)
            await _poll_until(stop, polling)
        return
    path = webhook_path(telegram.webhook_url)
    add_webhook(server, path, webhook_secret(telegram), bot, queues)
    async with listening:
        await set_webhook(bot, telegram, updates)
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
