"""Use cases of services: other programs with keys, which act for users of their own."""

import re
from collections.abc import Iterable
from functools import partial

import structlog

from okno.accounts.cache import SERVICE_KEY, PrincipalCache
from okno.accounts.dto import AccessToken, Language, Service, ServiceKey
from okno.accounts.errors import (
    ExternalIdInvalid,
    ServiceKeyNotFound,
    ServiceKeyTaken,
    ServiceNameInvalid,
    ServiceNameTaken,
    ServiceNotFound,
    TooManyServiceKeys,
)
from okno.accounts.scopes import USERS
from okno.accounts.service.access_tokens import AccessTokens
from okno.accounts.service.assertions import Assertions
from okno.accounts.service.public_keys import read_public_key
from okno.accounts.store.services import ServiceStore, ServiceUserStore
from okno.kit.actor import Actor, Forbidden, Role, Scope
from okno.kit.clock import Clock
from okno.kit.uow import UnitOfWork

log = structlog.get_logger(__name__)

MAX_KEYS = 2
"""Valid keys of one service: the old one and the new one while keys are changed."""
_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,62}[A-Za-z0-9])?", re.ASCII)
_MAX_TEXT_LENGTH = 128
"""Characters of an external id, and of a name."""


class ServicesService:
    """Registers services and changes their keys for an admin; serves the services."""

    def __init__(
        self,
        uow: UnitOfWork,
        store: ServiceStore,
        users: ServiceUserStore,
        assertions: Assertions,
        tokens: AccessTokens,
        principal_cache: PrincipalCache,
        clock: Clock,
    ) -> None:
        self._uow = uow
        self._store = store
        self._users = users
        self._assertions = assertions
        self._tokens = tokens
        self._principal_cache = principal_cache
        self._clock = clock

    async def register(
        self, actor: Actor, name: str, public_key_pem: str, scopes: Iterable[Scope]
    ) -> Service:
        """Register a program that acts for users that it makes, within the scopes.

        Only an admin or the system may. Raises `ServiceNameInvalid`, `ServiceNameTaken`,
        `PublicKeyInvalid`, `ServiceKeyTaken`.
        """
        actor.require_admin()
        if not _NAME.fullmatch(name):
            raise ServiceNameInvalid
        key, now = read_public_key(public_key_pem), self._clock.now()
        async with self._uow.begin():
            service_id = await self._store.add(name, scopes, now)
            if service_id is None:
                raise ServiceNameTaken
            if not await self._store.add_key(service_id, key.id, key.pem, now):
                raise ServiceKeyTaken
            service = await self._get(service_id)
            self._uow.after_commit(
                partial(
                    log.info,
                    "service registered",
                    service=name,
                    key=key.id,
                    scopes=sorted(service.scopes),
                )
            )
        return service

    async def add_key(self, actor: Actor, service_id: int, public_key_pem: str) -> ServiceKey:
        """Add a key to a service. Only an admin or the system may.

        Raises `ServiceNotFound`, `PublicKeyInvalid`, `TooManyServiceKeys`, `ServiceKeyTaken`.
        """
        actor.require_admin()
        key, now = read_public_key(public_key_pem), self._clock.now()
        async with self._uow.begin():
            if not await self._store.lock(service_id):
                raise ServiceNotFound
            if await self._store.count_keys(service_id) >= MAX_KEYS:
                raise TooManyServiceKeys
            if not await self._store.add_key(service_id, key.id, key.pem, now):
                raise ServiceKeyTaken
            self._uow.after_commit(
                partial(log.info, "service key added", service_id=service_id, key=key.id)
            )
        return ServiceKey(key.id, now)

    async def revoke_key(self, actor: Actor, service_id: int, key_id: str) -> None:
        """Revoke a key, and the access tokens that its assertions were exchanged for.

        Only an admin or the system may. Raises `ServiceNotFound`, `ServiceKeyNotFound`.
        """
        actor.require_admin()
        async with self._uow.begin():
            if not await self._store.lock(service_id):
                raise ServiceNotFound
            if not await self._store.revoke_key(service_id, key_id, self._clock.now()):
                raise ServiceKeyNotFound
            self._uow.after_commit(partial(self._principal_cache.drop, SERVICE_KEY.of(key_id)))
            self._uow.after_commit(
                partial(log.info, "service key revoked", service_id=service_id, key=key_id)
            )

    async def list(self, actor: Actor) -> tuple[Service, ...]:
        """Return all services by name, with their valid keys. Only an admin or the system may."""
        actor.require_admin()
        async with self._uow.begin():
            return await self._store.all()

    async def find(self, actor: Actor, name: str) -> Service:
        """Find a service by its name. Only an admin or the system may. Raises `ServiceNotFound`."""
        actor.require_admin()
        async with self._uow.begin():
            service = await self._store.find(name)
        if service is None:
            raise ServiceNotFound
        return service

    async def exchange(self, assertion: str) -> AccessToken:
        """Exchange an assertion for an access token.

        Raises `TokenInvalid`, `TokenExpired`, `TemporarilyUnavailable`.
        """
        # The assertion can be checked only once, so the signer, which may fail, comes first.
        signer = await self._tokens.signer()
        key = await self._assertions.prove(assertion)
        return signer.for_service(key.service_id, key.id)

    async def create_user(
        self, actor: Actor, external_id: str, name: str, language: Language
    ) -> int:
        """Make a user of the acting service, once per external id; return the user's id.

        Only a service with the scope `users` may. Raises `ExternalIdInvalid`.
        """
        actor.require_scope(USERS)
        if actor.role is not Role.SERVICE or actor.service_id is None:
            raise Forbidden
        if not _is_visible(external_id) or len(external_id) > _MAX_TEXT_LENGTH:
            raise ExternalIdInvalid
        shown = "".join(filter(str.isprintable, name)).strip()[:_MAX_TEXT_LENGTH]
        async with self._uow.begin():
            known = await self._users.find(actor.service_id, external_id)
            if known is not None:
                return known
            user_id = await self._users.add(
                actor.service_id, external_id, shown or external_id, language, self._clock.now()
            )
            self._uow.after_commit(
                partial(log.info, "user registered", user_id=user_id, service_id=actor.service_id)
            )
        return user_id

    async def _get(self, service_id: int) -> Service:
        service = await self._store.get(service_id)
        if service is None:
            raise ServiceNotFound
        return service


def _is_visible(text: str) -> bool:
    return text.isprintable() and bool(text.strip())
