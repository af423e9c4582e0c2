"""Builds the dispatcher: middlewares, handlers and windows, in the order of an update's way."""

from collections.abc import Sequence

from aiogram import Dispatcher
from aiogram_dialog import Dialog, setup_dialogs
from dishka import AsyncContainer
from dishka.integrations.aiogram import CONTAINER_NAME

from dialogs.kit.aiogram_dialog_internals import BACKGROUND_UPDATE_TYPE, use_unique_window_ids
from dialogs.registry import all_dialogs
from okno.assistant.service import AnswerGenerator
from okno.kit.nursery import Nursery
from okno.kit.redis import Redis
from tgbot.answers import Rhythm, TelegramAnswers
from tgbot.confirmations import TelegramConfirmations
from tgbot.handlers import (
    admin,
    commands,
    errors,
    fallbacks,
    groups,
    joining,
    membership,
    payments,
    questions,
    registration,
    stop,
)
from tgbot.i18n import create_i18n
from tgbot.middlewares.account import AccountMiddleware
from tgbot.middlewares.checkout import CheckoutMiddleware, ExceptCheckouts
from tgbot.middlewares.deduplicate import DeduplicateMiddleware
from tgbot.middlewares.dialog_lock import DialogLockMiddleware
from tgbot.middlewares.foreground import ForegroundMiddleware
from tgbot.middlewares.observe import ObserveMiddleware
from tgbot.middlewares.outage import OutageMiddleware
from tgbot.middlewares.strip_reply import StripReplyMiddleware
from tgbot.storage import create_locks, create_storage


async def create_dispatcher(
    container: AsyncContainer,
    dialogs: Sequence[Dialog] | None = None,
    rhythm: Rhythm | None = None,
) -> Dispatcher:
    """Build the dispatcher of one process; its startup must be emitted before the first update.

    Tests give other `dialogs` than those of the product, and another `rhythm` of the answers.
    """
    use_unique_window_ids()
    redis, nursery = await container.get(Redis), await container.get(Nursery)
    locks = create_locks(redis, nursery)
    # `_add_middlewares` registers the FSM middleware, since others must stand before it.
    dispatcher = Dispatcher(storage=create_storage(redis), events_isolation=locks, disable_fsm=True)
    dispatcher[CONTAINER_NAME] = container  # `inject` finds it here, in updates of windows, too
    _add_middlewares(dispatcher, redis)
    dialogs = all_dialogs() if dialogs is None else dialogs
    dispatcher.include_routers(
        membership.router(),
        payments.router(),
        groups.router(),
        registration.router(),
        joining.router(),
        commands.router(),
        admin.router(),
        stop.router(),
        questions.router(dialogs),
        fallbacks.router(),
        *dialogs,
    )
    errors.register(dispatcher)
    dispatcher.message.outer_middleware(StripReplyMiddleware())
    windows = setup_dialogs(dispatcher, events_isolation=locks)
    dispatcher["windows"] = windows
    rhythm = rhythm or Rhythm()
    dispatcher["answers"] = TelegramAnswers(
        await container.get(AnswerGenerator), windows, nursery, dispatcher["i18n_core"], rhythm
    )
    dispatcher["confirmation_windows"] = TelegramConfirmations(windows, nursery, rhythm.retry)
    return dispatcher


def used_updates(dispatcher: Dispatcher) -> list[str]:
    """Return the types of updates that have a handler, without that of aiogram-dialog."""
    used = dispatcher.resolve_used_update_types()
    return [kind for kind in used if kind != BACKGROUND_UPDATE_TYPE]


def _add_middlewares(dispatcher: Dispatcher, redis: Redis) -> None:
    i18n = create_i18n()
    dispatcher["i18n_core"] = i18n.core
    for middleware in (
        ForegroundMiddleware(),
        ObserveMiddleware(),
        i18n,
        OutageMiddleware(),
        CheckoutMiddleware(),
        DialogLockMiddleware(),
        ExceptCheckouts(dispatcher.fsm),
        ExceptCheckouts(DeduplicateMiddleware(redis)),
        AccountMiddleware(),
    ):
        dispatcher.update.outer_middleware(middleware)
