"""Waits before calls that send, so that Telegram has no reason to answer 429.

Telegram does not publish its limits. https://core.telegram.org/bots/faq names one message a second
to a chat, with short bursts, and thirty a second to all chats. Ours are lower, since calls may
reach Telegram closer to each other than they left. Edits count as messages; drafts, chat actions
and answers to buttons do not count.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any

import structlog
from aiogram import Bot
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import (
    Response,
    SendChatAction,
    SendMessageDraft,
    SendRichMessageDraft,
    TelegramMethod,
)

log = structlog.get_logger(__name__)

MESSAGES_PER_SECOND = 27
"""Messages to all chats, on average."""
MESSAGES_AT_ONCE = 20
"""Messages to all chats within a moment."""
CHAT_SECONDS = 1.1
"""Between two messages to a chat, after the first ones."""
CHAT_MESSAGES_AT_ONCE = 3
MAX_WAIT_SECONDS = 20
"""A call that would wait longer fails, as if Telegram had put it off."""

_COUNTED = ("send", "edit", "copy", "forward")
_FREE = (SendChatAction, SendMessageDraft, SendRichMessageDraft)
_MAX_CHAT_BUCKETS = 1000

Clock = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]


class Bucket:
    """A token bucket: holds up to `size` messages and gains `rate` of them a second.

    `line`: whoever takes from the bucket holds it, in the order of the calls.
    """

    def __init__(self, *, rate: float, size: float, clock: Clock) -> None:
        self.line = asyncio.Lock()
        self._rate = rate
        self._size = size
        self._clock = clock
        self._left = size
        self._at = clock()

    def wait(self, cost: int) -> float:
        """Return the seconds until `cost` messages are there, or until the bucket is full."""
        self._gain()
        return max(0.0, (min(cost, self._size) - self._left) / self._rate)

    def take(self, cost: int) -> None:
        """Take `cost` messages. The bucket may go below zero and then needs longer to fill."""
        self._gain()
        self._left -= cost

    def count_from_now(self) -> None:
        """Gain nothing for the time that a call took: it may have arrived only now."""
        self._at = self._clock()

    def _gain(self) -> None:
        now = self._clock()
        self._left = min(self._size, self._left + (now - self._at) * self._rate)
        self._at = now

    @property
    def is_idle(self) -> bool:
        return not self.line.locked() and self.wait(int(self._size)) == 0


class PaceMiddleware(BaseRequestMiddleware):
    """Stands inside `RetryMiddleware`, so that repeated calls wait as well."""

    def __init__(self, clock: Clock = monotonic, sleep: Sleep = asyncio.sleep) -> None:
        self._clock = clock
        self._sleep = sleep
        self._all = Bucket(rate=MESSAGES_PER_SECOND, size=MESSAGES_AT_ONCE, clock=clock)
        self._chats: dict[int | str | None, Bucket] = {}

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[Any],
        bot: Bot,
        method: TelegramMethod[Any],
    ) -> Response[Any]:
        if isinstance(method, _FREE) or not method.__api_method__.startswith(_COUNTED):
            return await make_request(bot, method)
        chat = self._chat(getattr(method, "chat_id", None))
        await self._take_turn(chat, method)
        try:
            return await make_request(bot, method)
        finally:
            chat.count_from_now()

    async def _take_turn(self, chat: Bucket, method: TelegramMethod[Any]) -> None:
        deadline = self._clock() + MAX_WAIT_SECONDS
        cost = _messages(method)
        # While a call holds both lines, no other one takes from the two buckets.
        async with (
            self._turn(chat, cost, deadline, method),
            self._turn(self._all, cost, deadline, method),
        ):
            chat.take(cost)
            self._all.take(cost)

    @asynccontextmanager
    async def _turn(
        self, bucket: Bucket, cost: int, deadline: float, method: TelegramMethod[Any]
    ) -> AsyncIterator[None]:
        async with bucket.line:
            wait = bucket.wait(cost)
            if self._clock() + wait > deadline:
                log.warning("call waited too long for its turn", method=method.__api_method__)
                raise TelegramRetryAfter(method, "too much is being sent", MAX_WAIT_SECONDS)
            if wait:
                await self._sleep(wait)
            yield

    def _chat(self, chat_id: int | str | None) -> Bucket:
        """Return the bucket of the chat. Of many, those of quiet chats are forgotten."""
        if chat_id not in self._chats:
            if len(self._chats) >= _MAX_CHAT_BUCKETS:
                self._chats = {key: one for key, one in self._chats.items() if not one.is_idle}
            self._chats[chat_id] = Bucket(
                rate=1 / CHAT_SECONDS, size=CHAT_MESSAGES_AT_ONCE, clock=self._clock
            )
        return self._chats[chat_id]


def _messages(method: TelegramMethod[Any]) -> int:
    """Return the number of messages: an album or a list of copies has several."""
    several = getattr(method, "message_ids", None) or getattr(method, "media", None)
    return len(several) if isinstance(several, list) else 1
