"""Hands updates to the dispatcher: in order for one user, at once for several users."""

import asyncio
from collections import deque

import structlog
from aiogram import Bot, Dispatcher
from aiogram.dispatcher.middlewares.user_context import UserContextMiddleware
from aiogram.types import Update

from okno.kit.nursery import Nursery
from tgbot.middlewares.checkout import is_checkout

log = structlog.get_logger(__name__)

MAX_WAITING = 200
"""Updates of all users. When so many wait or are in work, `submit` waits, too."""

MAX_PER_USER = 30
"""Updates of one user. Further ones are left out: a user who sends hundreds must not keep the bot
from answering everybody else."""

Done = asyncio.Future[None]
Queue = deque[tuple[Update, Done]]
QueueKey = tuple[int, bool]
"""The id of the user or chat, and whether the update is a checkout."""


class UpdateQueues:
    """Keeps a queue per user. Without it one of two quick clicks could overtake the other one."""

    def __init__(self, bot: Bot, dispatcher: Dispatcher, nursery: Nursery) -> None:
        self._bot = bot
        self._dispatcher = dispatcher
        self._nursery = nursery
        self._queues: dict[QueueKey, Queue] = {}
        self._room = asyncio.Semaphore(MAX_WAITING)

    async def submit(self, update: Update) -> Done:
        """Wait for room and append the update; the future is done when the update was handled."""
        done: Done = asyncio.get_running_loop().create_future()
        key = _queue_key(update)
        if len(self._queues.get(key, ())) >= MAX_PER_USER and not _is_payment(update):
            log.warning("update left out", update_id=update.update_id, telegram_id=key[0])
            done.set_result(None)
            return done
        await self._room.acquire()
        queue = self._queues.get(key)
        if queue is None:
            queue = self._queues[key] = deque()
            self._nursery.start(self._run(key, queue), name=f"updates of {key[0]}")
        queue.append((update, done))
        return done

    async def _run(self, key: QueueKey, queue: Queue) -> None:
        try:
            while queue:
                update, done = queue[0]
                await self._handle(update)
                queue.popleft()
                self._room.release()
                if not done.done():  # whoever waited may have gone away
                    done.set_result(None)
        finally:
            del self._queues[key]
            for _, unhandled in queue:  # only when cancelled at shutdown
                unhandled.cancel()

    async def _handle(self, update: Update) -> None:
        try:
            await self._dispatcher.feed_update(self._bot, update)
        except Exception:
            # The handlers of errors failed, too. The next update is handled all the same.
            log.exception("update lost", update_id=update.update_id)


def _is_payment(update: Update) -> bool:
    """Tell whether the update must not be left out, however much the payer writes."""
    message = update.message
    return message is not None and bool(message.successful_payment or message.refunded_payment)


def _queue_key(update: Update) -> QueueKey:
    """Give checkouts a queue of their own: Telegram waits only ten seconds for the answer."""
    context = UserContextMiddleware.resolve_event_context(update)
    return context.user_id or context.chat_id or 0, is_checkout(update)
