"""The keys that sign access tokens: derived from `JWT_SECRET` and a name in PostgreSQL.

So a command can change the key, and the database holds no secret.
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
from okno.accounts.tokens import ACCESS_SECONDS, LEEWAY_SECONDS, SigningKeys, derive_key
from okno.kit.actor import Actor
from okno.kit.clock import Clock
from okno.kit.uow import UnitOfWork

log = structlog.get_logger(__name__)

_REREAD_AFTER = timedelta(seconds=5)
"""After this time a process looks for new keys."""
_ANNOUNCED_FOR = 2 * _REREAD_AFTER
"""A new key signs only after this time, when all processes know it."""
_RETIRES_AFTER = _ANNOUNCED_FOR + _REREAD_AFTER + timedelta(seconds=ACCESS_SECONDS + LEEWAY_SECONDS)
"""After this time there is no valid token left that the old key has signed."""


@dataclass(frozen=True, slots=True)
class _Ring:
    """The keys at some moment; `signing`: the name of the key that signs."""

    read_at: datetime
    signing: str
    keys: SigningKeys


class JwtKeyRing:
    """Knows the valid keys, right to some seconds; one per process."""

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
        """Return the name of the key that signs, and the key."""
        ring = await self._current()
        return ring.signing, ring.keys[ring.signing]

    async def verifying(self) -> SigningKeys:
        """Return the keys whose signatures are valid."""
        return (await self._current()).keys

    async def forget(self) -> None:
        """Look for new keys at the next use."""
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
        return (
            ring if ring is not None and self._clock.now() < ring.read_at + _REREAD_AFTER else None
        )

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
        """Make a new key, which signs some seconds later, when all processes know it.

        Tokens of the old key stay valid for their time. Only an admin or the system may.
        """
        actor.require_admin()
        now, name = self._clock.now(), _new_name()
        async with self._uow.begin():
            await self._store.lock()
            await self._store.delete_retired(now)
            await self._store.retire(now + _RETIRES_AFTER)
            await self._store.add(name, now)
            self._uow.after_commit(self._ring.forget)
            self._uow.after_commit(partial(log.info, "jwt key rotated", key=name))


def _signing(keys: Sequence[KeyName], now: datetime) -> str:
    """Return the name of the newest key that all processes know; `keys`: the oldest first."""
    announced = [key for key in keys if key.created_at <= now - _ANNOUNCED_FOR]
    return (announced or keys[:1])[-1].name


def _new_name() -> str:
    return token_hex(8)
