"""The Redis client and its typed keys. Redis holds only what can be rebuilt."""

from dataclasses import dataclass

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

from okno.kit.errors import StartupError
from okno.kit.settings import RedisSettings

__all__ = ["REDIS_OUTAGES", "Key", "Redis", "RedisError", "check_redis", "create_redis"]

# What passes without us: no answer, no room, a replica in place of the primary, and a lock that
# nobody lets go of.
REDIS_OUTAGES = (
    RedisConnectionError,
    RedisTimeoutError,
    LockError,
    OutOfMemoryError,
    ReadOnlyError,
)

# redis-py repeats the connection within the repetition of a command: together some six seconds.
_RETRIES = 1
_SOCKET_TIMEOUT = 2.0
_CONNECTIONS = 50
_BUSY_TIMEOUT = 5.0


@dataclass(frozen=True, slots=True)
class Key:
    """A family of keys: `Key("account", ttl=3600).of(7)` is `okno:account:7`; `ttl` in seconds."""

    name: str
    ttl: int

    def of(self, *parts: str | int) -> str:
        return ":".join(("okno", self.name, *map(str, parts)))


def create_redis(settings: RedisSettings) -> Redis:
    """Make a client that mends a lost connection by itself and gives up within seconds.

    A host that begins with a slash is the path of a Unix socket.
    """
    is_path = settings.host.startswith("/")
    where = {"path": settings.host} if is_path else {"host": settings.host, "port": settings.port}
    # The usual pool refuses the next command when all connections are busy; this one waits.
    pool = BlockingConnectionPool(
        connection_class=UnixDomainSocketConnection if is_path else Connection,
        max_connections=_CONNECTIONS,
        timeout=_BUSY_TIMEOUT,
        **where,
        db=settings.db,
        password=settings.password.get_secret_value() or None,
        decode_responses=True,
        socket_timeout=_SOCKET_TIMEOUT,
        socket_connect_timeout=_SOCKET_TIMEOUT,
        health_check_interval=30,
        retry=Retry(ExponentialBackoff(cap=0.5, base=0.05), _RETRIES),
        retry_on_error=[RedisConnectionError, RedisTimeoutError],
    )
    return Redis.from_pool(pool)


async def check_redis(redis: Redis) -> None:
    """Raise `StartupError` unless the server answers."""
    try:
        await redis.ping()
    except (RedisError, OSError) as error:
        raise StartupError(
            f"Redis does not answer: {str(error) or repr(error)}. "
            "Check REDIS_HOST, REDIS_PORT, REDIS_PASSWORD."
        ) from error
