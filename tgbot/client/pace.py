"""Keeps to Telegram's limits on sending by waiting, so that it has no reason to answer 429.

Its limits are not published; https://core.telegram.org/bots/faq names one message a second to a
chat, with short bursts, and thirty in all. Ours are lower, since calls reach Telegram closer to
each other than they left. Edits count as messages. Drafts, chat actions and answers to buttons are
free.
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

PER_SECOND = 27
"""Messages to all chats."""
BURST = 20
"""Messages to all chats at once."""
CHAT_SECONDS = 1.1
"""Between two messages to a chat, once its burst is spent."""
CHAT_BURST = 3
LONGEST = 20
"""Seconds that a call waits; then it fails as if Telegram had put it off for as long."""

_COUNTED = ("send", "edit", "copy", "forward")
_FREE = (SendChatAction, SendMessageDraft, SendRichMessageDraft)
_REMEMBERED = 1000

Clock = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]


class Bucket:
    """Holds up to `size` messages and gains `rate` of them a second; who takes stands in line."""

    def __init__(self, *, rate: float, size: float, clock: Clock) -> None:
        self.line = asyncio.Lock()
        self._rate = rate
        self._size = size
        self._clock = clock
        self._left = size
        self._at = clock()

    def wait(self, cost: int) -> float:
        """Return the seconds until so many are there; more than it can hold need a full one."""
        self._gain()
        return max(0.0, (min(cost, self._size) - self._left) / self._rate)

    def take(self, cost: int) -> None:
        """Take them; a full bucket may go below zero, and is refilled for longer."""
        self._gain()
        self._left -= cost

    def count_from_now(self) -> None:
        """Forget what was gained while a call was on its way: it may have arrived only now."""
        self._at = self._clock()

    def _gain(self) -> None:
        now = self._clock()
        self._left = min(self._size, self._left + (now - self._at) * self._rate)
        self._at = now

    @property
    def is_idle(self) -> bool:
        return not self.line.locked() and self.wait(int(self._size)) == 0


class PaceMiddleware(BaseRequestMiddleware):
    """Stands within the repetitions, so that these keep the pace too."""

    def __init__(self, clock: Clock = monotonic, sleep: Sleep = asyncio.sleep) -> None:
        self._clock = clock
        self._sleep = sleep
        self._all = Bucket(rate=PER_SECOND, size=BURST, clock=clock)
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
        deadline = self._clock() + LONGEST
        cost = _messages(method)
        # Who is first in the chat's line alone takes from its bucket: both allow it at once.
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
                raise TelegramRetryAfter(method, "too much is being sent", LONGEST)
            if wait:
                await self._sleep(wait)
            yield

    def _chat(self, chat_id: int | str | None) -> Bucket:
        """Return the chat's bucket; those of chats that are quiet are forgotten now and then."""
        if chat_id not in self._chats:
            if len(self._chats) >= _REMEMBERED:
                self._chats = {key: one for key, one in self._chats.items() if not one.is_idle}
            self._chats[chat_id] = Bucket(rate=1 / CHAT_SECONDS, size=CHAT_BURST, clock=self._clock)
        return self._chats[chat_id]


def _messages(method: TelegramMethod[Any]) -> int:
    """Count an album, or a list of copies, as many."""
    several = getattr(method, "message_ids", None) or getattr(method, "media", None)
    return len(several) if isinstance(several, list) else 1
