"""Active users: noted in memory for each request, counted in Redis for all processes together."""

from time import time

from okno.kit.actor import Actor
from okno.kit.redis import Key, RedisPipeline

MINUTES = 5
_USERS = Key("active", ttl=60 * (MINUTES + 2))


class Activity:
    """Collects user ids until `flush` adds them to a HyperLogLog per minute; one per process."""

    def __init__(self, redis: RedisPipeline) -> None:
        self._redis = redis
        self._seen: set[int] = set()

    def note(self, actor: Actor) -> None:
        if actor.user_id is not None:
            self._seen.add(actor.user_id)

    async def flush(self) -> None:
        """Add the collected users to the count in Redis. Raises `RedisError`."""
        if not self._seen:
            return
        seen, self._seen = self._seen, set()
        key = _USERS.of(_minute())
        await self._redis.run("PFADD", key, *seen)
        await self._redis.run("EXPIRE", key, _USERS.ttl)

    async def count(self) -> int:
        """Return how many users were active within five minutes. Raises `RedisError`."""
        now = _minute()
        keys = [_USERS.of(minute) for minute in range(now - MINUTES + 1, now + 1)]
        count: int = await self._redis.run("PFCOUNT", *keys)
        return count


def _minute() -> int:
    return int(time()) // 60
