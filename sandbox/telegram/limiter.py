"""Telegram's limits on sending, an optional part of the emulator.

The exact numbers are not published. These come from https://core.telegram.org/bots/faq, with a
small burst, so that a bot may send two messages at once.
"""

import math
from dataclasses import dataclass
from typing import Any, Final

from aiogram.methods.base import TelegramMethod

from sandbox.telegram.errors import too_many_requests
from sandbox.telegram.shapes import Clock

_COUNTED: Final = ("send", "edit", "copy", "forward")
_FREE: Final = frozenset({"sendChatAction", "sendMessageDraft", "sendRichMessageDraft"})


@dataclass(frozen=True, slots=True)
class Limits:
    """Messages per time; `burst_in_chat`: messages that a chat may get at once."""

    per_second_in_chat: float = 1.0
    burst_in_chat: int = 3
    per_minute_in_group: int = 20
    per_second: int = 30


class TokenBucket:
    """Holds at most `size` tokens and gains `rate` of them per second."""

    def __init__(self, *, rate: float, size: float, now: float) -> None:
        self._rate = rate
        self._size = size
        self._tokens = size
        self._at = now

    def wait(self, cost: int, now: float) -> float:
        """Return the seconds until there are enough tokens. At most a full bucket is needed."""
        self._tokens = min(self._size, self._tokens + (now - self._at) * self._rate)
        self._at = now
        return max(0.0, (min(cost, self._size) - self._tokens) / self._rate)

    def take(self, cost: int) -> None:
        self._tokens -= cost


class RateLimiter:
    """Has a bucket for all messages, one per chat, one more per group. Edits count, too."""

    def __init__(self, clock: Clock, limits: Limits | None = None) -> None:
        self._clock = clock
        self._limits = limits or Limits()
        self._buckets: dict[tuple[str, int], TokenBucket] = {}

    def check(self, call: TelegramMethod[Any]) -> None:
        """Raises ApiError with the seconds to wait. A refused call takes no tokens."""
        name = call.__api_method__
        if not name.startswith(_COUNTED) or name in _FREE:
            return
        now = self._clock()
        cost = _count_messages(call)
        buckets = self._buckets_for(getattr(call, "chat_id", None), now)
        wait = max(bucket.wait(cost, now) for bucket in buckets)
        if wait > 0:
            raise too_many_requests(math.ceil(wait))
        for bucket in buckets:
            bucket.take(cost)

    def clear(self) -> None:
        self._buckets.clear()

    def _buckets_for(self, chat_id: object, now: float) -> list[TokenBucket]:
        limits = self._limits
        buckets = [self._bucket("all", 0, limits.per_second, limits.per_second, now)]
        if isinstance(chat_id, int):
            rate, burst = limits.per_second_in_chat, limits.burst_in_chat
            buckets.append(self._bucket("chat", chat_id, rate, burst, now))
        if isinstance(chat_id, int) and chat_id < 0:
            size = limits.per_minute_in_group
            buckets.append(self._bucket("group", chat_id, size / 60, size, now))
        return buckets

    def _bucket(self, kind: str, key: int, rate: float, size: float, now: float) -> TokenBucket:
        if (kind, key) not in self._buckets:
            self._buckets[kind, key] = TokenBucket(rate=rate, size=size, now=now)
        return self._buckets[kind, key]


def _count_messages(call: TelegramMethod[Any]) -> int:
    """Count the messages of a call: an album or a list of copies is several messages."""
    several = getattr(call, "message_ids", None) or getattr(call, "media", None)
    return len(several) if isinstance(several, list) else 1
