"""Hands updates to the dispatcher: those of one user in their order, those of several at once."""

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
"""Updates in work and in line, of all users; beyond it `submit` waits, and Telegram keeps them."""

MAX_PER_USER = 30
"""Updates of one user in line. Without it one user who sends hundreds would take all the room, and
nobody else would be answered; whoever sends more has the rest left out."""

Done = asyncio.Future[None]
Lane = deque[tuple[Update, Done]]
LaneKey = tuple[int, bool]


class Lanes:
    """A line per user: without it, two quick clicks could overtake each other at the Redis lock."""

    def __init__(self, bot: Bot, dispatcher: Dispatcher, nursery: Nursery) -> None:
        self._bot = bot
        self._dispatcher = dispatcher
        self._nursery = nursery
        self._lanes: dict[LaneKey, Lane] = {}
        self._room = asyncio.Semaphore(MAX_WAITING)

    async def submit(self, update: Update) -> Done:
        """Put the update in line, waiting for room; the future is done when it was handled."""
        done: Done = asyncio.get_running_loop().create_future()
        key = _lane_key(update)
        if len(self._lanes.get(key, ())) >= MAX_PER_USER and not _is_payment(update):
            log.warning("update left out", update_id=update.update_id, telegram_id=key[0])
            done.set_result(None)
            return done
        await self._room.acquire()
        lane = self._lanes.get(key)
        if lane is None:
            lane = self._lanes[key] = deque()
            self._nursery.start(self._run(key, lane), name=f"lane {key[0]}")
        lane.append((update, done))
        return done

    async def _run(self, key: LaneKey, lane: Lane) -> None:
        try:
            while lane:
                update, done = lane[0]
                await self._handle(update)
                lane.popleft()
                self._room.release()
                if not done.done():  # whoever waited may have gone away
                    done.set_result(None)
        finally:
            del self._lanes[key]
            for _, unhandled in lane:  # only when cancelled at shutdown
                unhandled.cancel()

    async def _handle(self, update: Update) -> None:
        try:
            await self._dispatcher.feed_update(self._bot, update)
        except Exception:
            # Even the handlers of errors failed: the next update of this user must not suffer.
            log.exception("update lost", update_id=update.update_id)


def _is_payment(update: Update) -> bool:
    """Tell what must not be left out, however much the payer writes."""
    message = update.message
    return message is not None and bool(message.successful_payment or message.refunded_payment)


def _lane_key(update: Update) -> LaneKey:
    """Checkouts have a line of their own: Telegram does not wait for what stands before them."""
    context = UserContextMiddleware.resolve_event_context(update)
    return context.user_id or context.chat_id or 0, is_checkout(update)
