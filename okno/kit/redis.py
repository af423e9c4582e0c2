"""The Redis client and its typed keys. Redis holds only what can be rebuilt."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from redis.asyncio import (
    BlockingConnectionPool,
    Connection,
    Redis,
    UnixDomainSocketConnection,
)
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import LockError, OutOfMemoryError, ReadOnlyError, RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from okno.kit.batch import Batcher
from okno.kit.errors import StartupError
from okno.kit.nursery import Nursery
from okno.kit.settings import RedisSettings

__all__ = [
    "REDIS_OUTAGES",
    "Key",
    "Redis",
    "RedisError",
    "RedisPipeline",
    "check_redis",
    "create_redis",
]

# Failures that end by themselves: no answer, no room, a replica in place of the primary, and a lock
# that is not released.
REDIS_OUTAGES = (
    RedisConnectionError,
    RedisTimeoutError,
    LockError,
    OutOfMemoryError,
    ReadOnlyError,
)

# redis-py repeats the connection within the repetition of a command: together some three times
# the timeout.
_RETRIES = 1
_MAX_CONNECTIONS = 50
_POOL_TIMEOUT_SECONDS = 5.0
_MAX_COMMANDS = 500
_LANES = 2


@dataclass(frozen=True, slots=True)
class Key:
    """A family of keys: `Key("account", ttl=3600).of(7)` is `okno:account:7`; `ttl` in seconds."""

    name: str
    ttl: int

    def of(self, *parts: str | int) -> str:
        return ":".join(("okno", self.name, *map(str, parts)))


def create_redis(settings: RedisSettings) -> Redis:
    """Make a client that replaces lost connections and gives up within seconds.

    A host that begins with a slash is the path of a Unix socket.
    """
    is_path = settings.host.startswith("/")
    where = {"path": settings.host} if is_path else {"host": settings.host, "port": settings.port}
    # The usual pool refuses the next command when all connections are busy; this one waits.
    pool = BlockingConnectionPool(
        connection_class=UnixDomainSocketConnection if is_path else Connection,
        max_connections=_MAX_CONNECTIONS,
        timeout=_POOL_TIMEOUT_SECONDS,
        **where,
        db=settings.db,
        password=settings.password.get_secret_value() or None,
        decode_responses=True,
        socket_timeout=settings.timeout_seconds,
        socket_connect_timeout=settings.timeout_seconds,
        # No health checks: while Redis is silent each opens a connection, which is checked again,
        # and so on without end. A connection that has died is found by its use, and tried again.
        health_check_interval=0,
        retry=Retry(ExponentialBackoff(cap=0.5, base=0.05), _RETRIES),
        retry_on_error=[RedisConnectionError, RedisTimeoutError],
    )
    return Redis.from_pool(pool)


class RedisPipeline:
    """Sends the commands of many callers in one round trip, which costs a fraction of one each.

    Commands that a caller awaits one after the other keep their order. Commands that block, such as
    BLPOP, must not be sent here: they would delay all others.
    """

    def __init__(self, redis: Redis, nursery: Nursery) -> None:
        self._redis = redis
        self._commands: Batcher[tuple[str | bytes | float, ...], Any] = Batcher(
            self._send, nursery, most=_MAX_COMMANDS, lanes=_LANES
        )

    async def run(self, *command: str | bytes | float) -> Any:  # noqa: ANN401 - as the command has it
        """Return the answer; raise the `RedisError` of this command or of the connection."""
        return await self._commands.do(command)

    async def _send(self, commands: Sequence[tuple[str | bytes | float, ...]]) -> list[Any]:
        pipeline = self._redis.pipeline(transaction=False)
        for command in commands:
            pipeline.execute_command(*command)
        return await pipeline.execute(raise_on_error=False)


async def check_redis(redis: Redis) -> None:
    """Raise `StartupError` unless the server answers."""
    try:
        await redis.ping()
    except (RedisError, OSError) as error:
        raise StartupError(
            f"Redis does not answer: {str(error) or repr(error)}. "
            "Check REDIS_HOST, REDIS_PORT, REDIS_PASSWORD."
        ) from error
