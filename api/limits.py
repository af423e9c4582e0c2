"""Limits of rate, counted in Redis for all processes together.

A bucket is counted by one script (GCRA, the generic cell rate algorithm): it fills evenly, and a
full one can be emptied at once. ADR 22 says why no library does it.
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

_BLIND_SECONDS = 1.0
"""For so long after an outage nobody waits for Redis to be asked again."""

_KEY = Key("rate", ttl=0)

_COUNT = """
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
"""Takes one of `amount` per `period` (milliseconds): what is left, and when nothing is used up; or
-1, and when it can be tried again."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """`name`: as clients read it. `is_strict`: when Redis is away, refuse rather than not count."""

    name: str
    rate: Rate
    is_strict: bool = False


class Limiter:
    """Counts requests, tells clients what is left, and refuses; one per process."""

    def __init__(self, redis: RedisPipeline, settings: ApiSettings) -> None:
        self._redis = redis
        self._by_credential = {
            Credential.SESSION: Bucket("user", settings.rate_user),
            Credential.API_KEY: Bucket("key", settings.rate_key),
            Credential.SERVICE: Bucket("service", settings.rate_service),
        }
        self._strangers = Bucket("address", settings.rate_address)
        self.strict = {
            name: Bucket(name, rate, is_strict=True)
            for name, rate in (
                ("sign-in", settings.rate_sign_in),
                ("register", settings.rate_register),
                ("refresh", settings.rate_refresh),
                ("confirmation", settings.rate_confirmation),
            )
        }
        self._blind_until = 0.0

    async def count_caller(self, info: RequestInfo, principal: Principal) -> None:
        """Count a request of somebody recognised. Raises `TooManyRequests`."""
        actor = principal.actor
        who = {
            Credential.SESSION: actor.user_id,
            Credential.API_KEY: principal.credential_id,
            Credential.SERVICE: actor.service_id,
        }[principal.credential]
        await self.count(info, self._by_credential[principal.credential], str(who))

    async def count_stranger(self, info: RequestInfo) -> None:
        """Count a request of nobody in particular, by address. Raises `TooManyRequests`."""
        await self.count(info, self._strangers, network_of(info.address))

    async def count(self, info: RequestInfo, bucket: Bucket, who: str) -> None:
        """Raise `TooManyRequests`; of a strict bucket `TemporarilyUnavailable` without Redis."""
        counted = await self._count(bucket, who)
        if counted is None:
            return
        left, milliseconds = counted
        seconds = ceil(milliseconds / 1000)
        info.headers = _headers(bucket, max(left, 0), seconds)
        if left < 0:
            log.info("too many requests", bucket=bucket.name)
            raise TooManyRequests(seconds=seconds)

    async def _count(self, bucket: Bucket, who: str) -> tuple[int, int] | None:
        if monotonic() < self._blind_until and not bucket.is_strict:
            return None
        key = _KEY.of(bucket.name, who)
        try:
            left, milliseconds = await self._redis.run(
                "EVAL", _COUNT, 1, key, bucket.rate.amount, bucket.rate.seconds * 1000
            )
        except (RedisError, TemporarilyUnavailable) as error:
            self._blind_until = monotonic() + _BLIND_SECONDS
            log.warning("requests not counted", bucket=bucket.name, error=repr(error))
            if bucket.is_strict:
                raise TemporarilyUnavailable from error
            return None
        return left, milliseconds


def _headers(bucket: Bucket, left: int, seconds: int) -> list[tuple[bytes, bytes]]:
    """Say it as draft-ietf-httpapi-ratelimit-headers-10 does."""
    policy = f'"{bucket.name}";q={bucket.rate.amount};w={bucket.rate.seconds}'
    return [
        (b"ratelimit-policy", policy.encode()),
        (b"ratelimit", f'"{bucket.name}";r={left};t={seconds}'.encode()),
    ]


def anonymous(value: str) -> str:
    """Return what stands for a login in a key: Redis need not know it."""
    return sha256(value.strip().casefold().encode(errors="surrogatepass")).hexdigest()[:32]
