"""Finds the owner of a credential and the owner's rights, if the credential is good at this moment.

This is done with every request. What PostgreSQL says is kept in Redis for a minute, and dropped by
every change. A session, an API key or a service key is one entry there, its user is another one.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from uuid import UUID

from cachetools import LRUCache

from okno.accounts.cache import API_KEY, SERVICE_KEY, SESSION, USER, PrincipalCache
from okno.accounts.config import AccountsSettings
from okno.accounts.dto import Credential, Principal
from okno.accounts.errors import TokenInvalid
from okno.accounts.store.principals import KnownApiKey, KnownUser, PrincipalStore
from okno.accounts.store.services import ServiceStore
from okno.kit.actor import Actor, Role, Scope
from okno.kit.clock import Clock
from okno.kit.uow import UnitOfWork

_GOOD = "1"
_MAX_REMEMBERED = 10_000
_USE_NOTED_EVERY = timedelta(minutes=1)
"""The time of an API key's last use is stored no more often than this."""
_HIGHEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class _Owner:
    """The owner of an API key, who changes only when accounts are joined."""

    key_id: int
    user_id: int
    is_limited: bool


class PrincipalLookup:
    """Looks callers up; one per process.

    Every method that takes a credential raises `TokenInvalid` when it is no longer good. All raise
    `TemporarilyUnavailable`.
    """

    def __init__(
        self,
        uow: UnitOfWork,
        store: PrincipalStore,
        services: ServiceStore,
        cache: PrincipalCache,
        clock: Clock,
        settings: AccountsSettings,
    ) -> None:
        self._uow = uow
        self._store = store
        self._services = services
        self._cache = cache
        self._clock = clock
        self._admins = settings.admin_telegram_ids
        self._owners: LRUCache[bytes, _Owner] = LRUCache(_MAX_REMEMBERED)

    async def of_session(self, user_id: int, session_id: str) -> Principal:
        state, session = await self._cache.get(USER.of(user_id), SESSION.of(session_id))
        user = _decode_user(user_id, state)
        if user is None or session is None:
            user = await self._read_session(user_id, session_id)
        actor = Actor(self._role(user), user_id)
        return Principal(actor, Credential.SESSION, session_id)

    async def of_api_key(self, key_hash: bytes) -> Principal:
        """Recognise the owner of an API key, who acts as a user even when the owner is an admin."""
        owner = self._owners.get(key_hash)
        if owner is not None:
            states = await self._cache.get(USER.of(owner.user_id), API_KEY.of(owner.key_id))
            if None in states:
                owner = None
        if owner is None:
            owner = await self._read_api_key(key_hash)
        actor = Actor(Role.USER, owner.user_id, api_key_id=owner.key_id)
        return Principal(actor, Credential.API_KEY, str(owner.key_id), owner.is_limited)

    async def of_service_key(self, service_id: int, key_id: str) -> Principal:
        (state,) = await self._cache.get(SERVICE_KEY.of(key_id))
        scopes = _decode_scopes(state)
        if scopes is None:
            scopes = await self._read_service_key(service_id, key_id)
        actor = Actor(Role.SERVICE, service_id=service_id, scopes=scopes)
        return Principal(actor, Credential.SERVICE, key_id)

    async def user(self, user_id: int) -> KnownUser | None:
        """Find a user; None: there is no such user."""
        if not 0 < user_id <= _HIGHEST_ID:
            return None
        (state,) = await self._cache.get(USER.of(user_id))
        user = _decode_user(user_id, state)
        if user is None:
            async with self._uow.begin():
                user = await self._store.user(user_id)
            if user is not None:
                await self._cache.put({USER.of(user_id): _encode_user(user)})
        return user

    async def _read_session(self, user_id: int, session_id: str) -> KnownUser:
        async with self._uow.begin():
            user = await self._store.user_of_session(UUID(session_id), self._clock.now())
        if user is None or user.id != user_id:
            raise TokenInvalid
        await self._cache.put({USER.of(user_id): _encode_user(user), SESSION.of(session_id): _GOOD})
        return user

    async def _read_api_key(self, key_hash: bytes) -> _Owner:
        async with self._uow.begin():
            key = await self._store.api_key(key_hash)
            if key is not None:
                await self._note_use(key)
        if key is None:
            self._owners.pop(key_hash, None)
            raise TokenInvalid
        owner = _Owner(key.id, key.user.id, key.is_limited)
        self._owners[key_hash] = owner
        await self._cache.put(
            {USER.of(key.user.id): _encode_user(key.user), API_KEY.of(key.id): _GOOD}
        )
        return owner

    async def _note_use(self, key: KnownApiKey) -> None:
        now = self._clock.now()
        if key.used_at is None or key.used_at <= now - _USE_NOTED_EVERY:
            await self._store.note_use(key.id, now)

    async def _read_service_key(self, service_id: int, key_id: str) -> frozenset[Scope]:
        async with self._uow.begin():
            key = await self._services.find_key(key_id)
        if key is None or key.service_id != service_id:
            raise TokenInvalid
        await self._cache.put({SERVICE_KEY.of(key_id): ",".join(key.scopes) or ","})
        return key.scopes

    def _role(self, user: KnownUser) -> Role:
        return Role.ADMIN if user.telegram_id in self._admins else user.role


def _encode_user(user: KnownUser) -> str:
    return f"{user.role}:{user.telegram_id or ''}:{user.service_id or ''}"


@lru_cache(maxsize=_MAX_REMEMBERED)
def _decode_user(user_id: int, state: str | None) -> KnownUser | None:
    """Return None for an entry that is missing, or that another release has written."""
    try:
        role, telegram_id, service_id = (state or "").split(":")
        return KnownUser(
            user_id,
            Role(role),
            int(telegram_id) if telegram_id else None,
            int(service_id) if service_id else None,
        )
    except ValueError:
        return None


def _decode_scopes(state: str | None) -> frozenset[Scope] | None:
    return None if state is None else frozenset(map(Scope, filter(None, state.split(","))))
