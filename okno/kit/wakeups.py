"""Wake-ups between processes: messages without content, through Redis, that say "look now".

A wake-up may get lost: the work stands in PostgreSQL, and every listener also looks for it every
few seconds.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager

import structlog

from okno.kit.redis import Redis, RedisError

log = structlog.get_logger(__name__)

_PUBLISH_TIMEOUT_SECONDS = 1.0
"""Listeners look without a wake-up soon."""


class Wakeups:
    """Sends and receives wake-ups; without Redis nothing fails, but work is found later."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def publish(self, channel: str) -> None:
        """Wake all who listen to the channel, in all processes."""
        try:
            async with asyncio.timeout(_PUBLISH_TIMEOUT_SECONDS):
                await self._redis.publish(channel, "")
        except (RedisError, TimeoutError) as error:
            log.warning("wake-up not sent", channel=channel, error=repr(error))

    @asynccontextmanager
    async def listening(
        self, channel: str, *, interval: float = 5.0
    ) -> AsyncIterator[AsyncIterator[None]]:
        """Yield an iterator, each turn of which is a time to look for work.

        The first turn comes at once, the next ones come with every wake-up, and after `interval`
        seconds without one. Several wake-ups during a turn are one.
        """
        async with aclosing(self._turns(channel, interval)) as turns:
            yield turns

    async def _turns(self, channel: str, interval: float) -> AsyncGenerator[None, None]:
        while True:
            try:
                async with aclosing(self._heard(channel, interval)) as heard:
                    async for turn in heard:
                        yield turn
            except RedisError as error:
                log.warning("wake-ups not heard", channel=channel, error=repr(error))
                yield None
                await asyncio.sleep(interval)

    async def _heard(self, channel: str, interval: float) -> AsyncGenerator[None, None]:
        async with self._redis.pubsub(ignore_subscribe_messages=True) as subscription:
            await subscription.subscribe(channel)
            # Something may have been said before the subscription was in force.
            await subscription.get_message(timeout=interval)
            while True:
                yield None
                await subscription.get_message(timeout=interval)
                while await subscription.get_message(timeout=0) is not None:
                    pass  # one look serves all that have come meanwhile
