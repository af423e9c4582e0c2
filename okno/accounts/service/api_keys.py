"""Use cases of API keys, by which programs act for a user."""

from functools import partial

import structlog

from okno.accounts.cache import API_KEY, PrincipalCache
from okno.accounts.dto import ApiKey, NewApiKey
from okno.accounts.errors import ApiKeyNotFound, NameEmpty, TooManyApiKeys, UserNotFound
from okno.accounts.port import Budgets
from okno.accounts.store.api_keys import ApiKeyStore
from okno.accounts.store.users import UserStore
from okno.accounts.tokens import API_KEY_PREFIX, draw_token, hash_of
from okno.kit.actor import SYSTEM, Actor
from okno.kit.clock import Clock
from okno.kit.uow import UnitOfWork

log = structlog.get_logger(__name__)

MAX_API_KEYS = 20
"""Valid keys of one user."""
MAX_NAME_LENGTH = 64
_HINT_LENGTH = len(API_KEY_PREFIX) + 6


class ApiKeysService:
    """Makes, lists and revokes the keys of the acting user."""

    def __init__(
        self,
        uow: UnitOfWork,
        store: ApiKeyStore,
        users: UserStore,
        budgets: Budgets,
        cache: PrincipalCache,
        clock: Clock,
    ) -> None:
        self._uow = uow
        self._store = store
        self._users = users
        self._budgets = budgets
        self._cache = cache
        self._clock = clock

    async def create(self, actor: Actor, name: str, limit: int | None = None) -> NewApiKey:
        """Make a key; its secret can't be read again. `limit`: the budget in billing units.

        Raises `NameEmpty`, `TooManyApiKeys`, `UserNotFound`, `AmountInvalid`.
        """
        user_id = actor.require_user()
        shown = " ".join("".join(c if c.isprintable() else " " for c in name).split())
        if not shown:
            raise NameEmpty
        secret = draw_token(API_KEY_PREFIX)
        async with self._uow.begin():
            if not await self._users.lock(user_id):
                raise UserNotFound
            if await self._store.count(user_id) >= MAX_API_KEYS:
                raise TooManyApiKeys(most=MAX_API_KEYS)
            key = await self._store.add(
                user_id,
                shown[:MAX_NAME_LENGTH],
                secret[:_HINT_LENGTH],
                hash_of(secret),
                self._clock.now(),
                is_limited=limit is not None,
            )
            if limit is not None:
                await self._budgets.set_budget(SYSTEM, key.id, limit)
            self._uow.after_commit(partial(log.info, "api key made", user_id=user_id, key=key.id))
        return NewApiKey(key, secret)

    async def list(self, actor: Actor) -> tuple[ApiKey, ...]:
        """Return the valid keys in the order in which they were made."""
        user_id = actor.require_user()
        async with self._uow.begin():
            return await self._store.list(user_id)

    async def revoke(self, actor: Actor, key_id: int) -> None:
        """Revoke a key, which is refused from the next request on. Raises `ApiKeyNotFound`."""
        user_id = actor.require_user()
        async with self._uow.begin():
            if not await self._store.revoke(user_id, key_id, self._clock.now()):
                raise ApiKeyNotFound
            self._uow.after_commit(partial(self._cache.drop, API_KEY.of(key_id)))
            self._uow.after_commit(
                partial(log.info, "api key revoked", user_id=user_id, key=key_id)
            )
