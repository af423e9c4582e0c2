"""The keys that sign access tokens: derived from `JWT_SECRET` and a name that PostgreSQL keeps.

So a key can be changed by a command, and there is no secret in the database.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from secrets import token_hex
from types import MappingProxyType

import structlog
from joserfc.jwk import OctKey

from okno.accounts.config import IdentitySettings
from okno.accounts.store.jwt_keys import JwtKeyStore, KeyName
from okno.accounts.tokens import ACCESS_SECONDS, LEEWAY, SigningKeys, derive_key
from okno.kit.actor import Actor
from okno.kit.clock import Clock
from okno.kit.uow import UnitOfWork

log = structlog.get_logger(__name__)

_STALE = timedelta(seconds=5)
"""After so long a process looks whether there is a new key."""
_ANNOUNCED = 2 * _STALE
"""A new key signs nothing before so long: by then all processes know it."""
_RETIRING = _ANNOUNCED + _STALE + timedelta(seconds=ACCESS_SECONDS + LEEWAY)
"""So long there are tokens about that the old key has signed."""


@dataclass(frozen=True, slots=True)
class _Ring:
    """The keys as they were at some moment; `signing`: the name of the one that signs."""

    read_at: datetime
    signing: str
    keys: SigningKeys


class JwtKeyRing:
    """Knows the keys that are good, give or take some seconds; one per process."""

    def __init__(
        self, uow: UnitOfWork, store: JwtKeyStore, settings: IdentitySettings, clock: Clock
    ) -> None:
        self._uow = uow
        self._store = store
        self._settings = settings
        self._clock = clock
        self._ring: _Ring | None = None
        self._reading = asyncio.Lock()

    async def signing(self) -> tuple[str, OctKey]:
        """Return the key that signs, and its name."""
        ring = await self._current()
        return ring.signing, ring.keys[ring.signing]

    async def verifying(self) -> SigningKeys:
        """Return the keys whose signatures are good."""
        return (await self._current()).keys

    async def forget(self) -> None:
        """Look at once for new keys."""
        self._ring = None

    async def _current(self) -> _Ring:
        if (ring := self._fresh()) is not None:
            return ring
        async with self._reading:
            if (ring := self._fresh()) is not None:
                return ring
            self._ring = await self._read()
            return self._ring

    def _fresh(self) -> _Ring | None:
        ring = self._ring
        return ring if ring is not None and self._clock.now() < ring.read_at + _STALE else None

    async def _read(self) -> _Ring:
        now = self._clock.now()
        async with self._uow.begin():
            names = await self._store.list(now) or await self._make_first(now)
        secret = self._settings.require_secret()
        return _Ring(
            read_at=now,
            signing=_signing(names, now),
            keys=MappingProxyType({key.name: derive_key(secret, key.name) for key in names}),
        )

    async def _make_first(self, now: datetime) -> Sequence[KeyName]:
        await self._store.lock()
        if not await self._store.list(now):  # nobody else was first
            await self._store.add(_new_name(), now)
        return await self._store.list(now)


class JwtKeysService:
    """Changes the key that signs."""

    def __init__(self, uow: UnitOfWork, store: JwtKeyStore, ring: JwtKeyRing, clock: Clock) -> None:
        self._uow = uow
        self._store = store
        self._ring = ring
        self._clock = clock

    async def rotate(self, actor: Actor) -> None:
        """Let a new key sign, from some seconds on, when all processes know it.

        What the old one has signed is good as long as it would have been. Only an admin or the
        system may.
        """
        actor.require_admin()
        now, name = self._clock.now(), _new_name()
        async with self._uow.begin():
            await self._store.lock()
            await self._store.delete_retired(now)
            await self._store.retire(now + _RETIRING)
            await self._store.add(name, now)
            self._uow.after_commit(self._ring.forget)
            self._uow.after_commit(partial(log.info, "jwt key rotated", key=name))


def _signing(keys: Sequence[KeyName], now: datetime) -> str:
    """Name the newest key that everybody knows; `keys`: the oldest first."""
    announced = [key for key in keys if key.created_at <= now - _ANNOUNCED]
    return (announced or keys[:1])[-1].name


def _new_name() -> str:
    return token_hex(8)
