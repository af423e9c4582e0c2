"""Rate limits, counted in Redis for all processes together.

One script counts a bucket by the generic cell rate algorithm (GCRA): a bucket refills evenly, and
a full one can be used up at once. ADR 22 says why no library does it.
"""

from dataclasses import dataclass
from hashlib import sha256
from math import ceil
from time import monotonic

import structlog

from api.config import ApiSettings
from api.errors import TooManyRequests
from api.proxies import network_of
from api.rates import Rate
from api.request_info import RequestInfo
from okno.accounts.dto import Credential, Principal
from okno.kit.errors import TemporarilyUnavailable
from okno.kit.redis import Key, RedisError, RedisPipeline

log = structlog.get_logger(__name__)

_OUTAGE_PAUSE_SECONDS = 1.0
"""The time after a failure of Redis in which requests are not counted."""

_KEY = Key("rate", ttl=0)

_COUNT_SCRIPT = """
local amount, period = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local step = period / amount
local full_at = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now) + step
if full_at - now > period then
  return {-1, math.ceil(full_at - now - period)}
end
redis.call('SET', KEYS[1], full_at, 'PX', math.ceil(full_at - now))
return {math.floor((period - (full_at - now)) / step), math.ceil(full_at - now)}
"""
"""Takes one of `amount` per `period` (milliseconds). Returns the rest and the time until the bucket
is full, or -1 and the time until the next request is possible."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """A rate with the name that clients read; a strict one refuses requests while Redis is away."""

    name: str
    rate: Rate
    is_strict: bool = False


class Limiter:
    """Counts requests, adds the rest to the answer, and refuses; one per process."""

    def __init__(self, redis: RedisPipeline, settings: ApiSettings) -> None:
        self._redis = redis
        self._by_credential = {
            Credential.SESSION: Bucket("user", settings.rate_user),
            Credential.API_KEY: Bucket("key", settings.rate_key),
            Credential.SERVICE: Bucket("service", settings.rate_service),
        }
        self._by_address = Bucket("address", settings.rate_address)
        self.strict = {
            name: Bucket(name, rate, is_strict=True)
            for name, rate in (
                ("sign-in", settings.rate_sign_in),
                ("register", settings.rate_register),
                ("refresh", settings.rate_refresh),
                ("confirmation", settings.rate_confirmation),
            )
        }
        self._uncounted_until = 0.0

    async def count_caller(self, info: RequestInfo, principal: Principal) -> None:
        """Count a request by its credential. Raises `TooManyRequests`."""
        actor = principal.actor
        who = {
            Credential.SESSION: actor.user_id,
            Credential.API_KEY: principal.credential_id,
            Credential.SERVICE: actor.service_id,
        }[principal.credential]
        await self.count(info, self._by_credential[principal.credential], str(who))

    async def count_address(self, info: RequestInfo) -> None:
        """Count a request without a valid credential by address. Raises `TooManyRequests`."""
        await self.count(info, self._by_address, network_of(info.address))

    async def count(self, info: RequestInfo, bucket: Bucket, who: str) -> None:
        """Count a request of `who`.

        Raises `TooManyRequests`, and for a strict bucket `TemporarilyUnavailable` without Redis.
        """
        counted = await self._count(bucket, who)
        if counted is None:
            return
        left, milliseconds = counted
        seconds = ceil(milliseconds / 1000)
        info.response_headers = _headers(bucket, max(left, 0), seconds)
        if left < 0:
            log.info("too many requests", bucket=bucket.name)
            raise TooManyRequests(seconds=seconds)

    async def _count(self, bucket: Bucket, who: str) -> tuple[int, int] | None:
        if monotonic() < self._uncounted_until and not bucket.is_strict:
            return None
        key = _KEY.of(bucket.name, who)
        try:
            left, milliseconds = await self._redis.run(
                "EVAL", _COUNT_SCRIPT, 1, key, bucket.rate.amount, bucket.rate.seconds * 1000
            )
        except (RedisError, TemporarilyUnavailable) as error:
            self._uncounted_until = monotonic() + _OUTAGE_PAUSE_SECONDS
            log.warning("requests not counted", bucket=bucket.name, error=repr(error))
            if bucket.is_strict:
                raise TemporarilyUnavailable from error
            return None
        return left, milliseconds


def _headers(bucket: Bucket, left: int, seconds: int) -> list[tuple[bytes, bytes]]:
    """Return the headers of draft-ietf-httpapi-ratelimit-headers-10."""
    policy = f'"{bucket.name}";q={bucket.rate.amount};w={bucket.rate.seconds}'
    return [
        (b"ratelimit-policy", policy.encode()),
        (b"ratelimit", f'"{bucket.name}";r={left};t={seconds}'.encode()),
    ]


def hashed(value: str) -> str:
    """Return a hash for the key of a bucket: Redis must not hold logins."""
    return sha256(value.strip().casefold().encode(errors="surrogatepass")).hexdigest()[:32]
