"""Gauges that are updated on a schedule, so that neither requests nor scrapes wait for them.

Every process reports the same values. Once a minute one process computes the spread of the
balances; the others read it from Redis.
"""

import asyncio
import json

import structlog

from api.activity import Activity
from api.metrics import ACTIVE_USERS, BALANCE_UNITS
from okno.billing.service import BillingService
from okno.kit.actor import SYSTEM
from okno.kit.errors import OknoError
from okno.kit.redis import Key, RedisError, RedisPipeline

log = structlog.get_logger(__name__)

PERIOD_SECONDS = 10.0
_SPREAD_LOCK = Key("spread-turn", ttl=60)
_SPREAD = Key("spread", ttl=180)


class Gauges:
    """Updates the gauges of active users and of balances; one per process."""

    def __init__(self, billing: BillingService, redis: RedisPipeline, activity: Activity) -> None:
        self._billing = billing
        self._redis = redis
        self._activity = activity

    async def run(self) -> None:
        """Update the gauges periodically, until cancelled."""
        while True:
            await asyncio.sleep(PERIOD_SECONDS)
            try:
                await self.update()
            except (OknoError, RedisError) as error:
                log.warning("not measured", error=repr(error))
            except Exception:
                log.exception("not measured")

    async def update(self) -> None:
        await self._activity.flush()
        ACTIVE_USERS.set(await self._activity.count())
        if await self._redis.run("SET", _SPREAD_LOCK.of(), 1, "NX", "EX", _SPREAD_LOCK.ttl):
            await self._compute_spread()
        if found := await self._redis.run("GET", _SPREAD.of()):
            for statistic, units in json.loads(found).items():
                BALANCE_UNITS.labels(statistic).set(units)

    async def _compute_spread(self) -> None:
        spread = await self._billing.spread(SYSTEM)
        found = json.dumps({"mean": float(spread.mean), "median": float(spread.median)})
        await self._redis.run("SET", _SPREAD.of(), found, "EX", _SPREAD.ttl)
