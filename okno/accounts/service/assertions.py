"""Assertions: JWTs that a service signs with its private key to prove, once, who it is.

The checks are those of RFC 7523 (JWT profile for client authentication) and RFC 8725 (JWT best
practices): one algorithm, an explicit type, issuer and subject, audience, time, a single use.
"""

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import structlog
from joserfc import jws
from joserfc.errors import ExpiredTokenError, JoseError, UnsupportedAlgorithmError
from joserfc.jwa import JWSAlgModel
from joserfc.jwk import OKPKey
from joserfc.jws import JWSRegistry
from joserfc.jwt import JWTClaimsRegistry, decode

from okno.accounts.config import Issuer
from okno.accounts.dto import Credential, Principal
from okno.accounts.errors import TokenExpired, TokenInvalid
from okno.accounts.store.services import KnownKey, ServiceStore
from okno.accounts.tokens import LEEWAY_SECONDS
from okno.kit.actor import Actor, Role
from okno.kit.clock import Clock
from okno.kit.errors import TemporarilyUnavailable
from okno.kit.redis import Key, RedisError, RedisPipeline
from okno.kit.uow import UnitOfWork

log = structlog.get_logger(__name__)

TYPE = "assertion+jwt"
MAX_ASSERTION_SECONDS = 60
"""Seconds for which an assertion may be valid."""
_MAX_ASSERTION_ID_LENGTH = 255
_ID = re.compile(r"[A-Za-z0-9_-]{43}")
"""An RFC 7638 thumbprint."""
_USED = Key("assertion", ttl=MAX_ASSERTION_SECONDS + 3 * LEEWAY_SECONDS)


class Assertions:
    """Checks assertions; one per process."""

    def __init__(
        self,
        uow: UnitOfWork,
        store: ServiceStore,
        redis: RedisPipeline,
        clock: Clock,
        audience: Issuer,
    ) -> None:
        self._uow = uow
        self._store = store
        self._redis = redis
        self._clock = clock
        self._audience = audience

    async def check(self, assertion: str) -> Principal:
        """Recognise a service as a caller.

        Raises `TokenInvalid`, `TokenExpired`, `TemporarilyUnavailable`.
        """
        key = await self.prove(assertion)
        return Principal(
            actor=Actor(Role.SERVICE, service_id=key.service_id, scopes=key.scopes),
            credential=Credential.SERVICE,
            credential_id=key.id,
        )

    async def prove(self, assertion: str) -> KnownKey:
        """Return the key that has signed the assertion, which is valid only once.

        Raises `TokenInvalid`, `TokenExpired`, and `TemporarilyUnavailable` while there is no Redis
        to recognise a repeat.
        """
        key = await self._find_key(_key_id(assertion))
        claims = self._verify(assertion, key)
        await self._use_up(key.id, claims["jti"])
        return key

    async def _find_key(self, key_id: str) -> KnownKey:
        async with self._uow.begin():
            key = await self._store.find_key(key_id)
        if key is None:
            raise TokenInvalid
        return key

    def _verify(self, assertion: str, key: KnownKey) -> Mapping[str, Any]:
        try:
            token = decode(assertion, OKPKey.import_key(key.public_key), registry=_ED25519)
            self._rules(key).validate(token.claims)
        except ExpiredTokenError as error:
            raise TokenExpired from error
        except (JoseError, ValueError, TypeError) as error:
            raise TokenInvalid from error
        claims = token.claims
        is_short = 0 < claims["exp"] - claims["iat"] <= MAX_ASSERTION_SECONDS
        if (
            not is_short
            or len(claims["jti"]) > _MAX_ASSERTION_ID_LENGTH
            or isinstance(claims["aud"], list)
        ):
            raise TokenInvalid
        return claims

    def _rules(self, key: KnownKey) -> JWTClaimsRegistry:
        return JWTClaimsRegistry(
            now=int(self._clock.now().timestamp()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": key.service},
            sub={"essential": True, "value": key.service},
            aud={"essential": True, "value": self._audience},
            iat={"essential": True},
            exp={"essential": True},
            jti={"essential": True},
        )

    async def _use_up(self, key_id: str, assertion_id: str) -> None:
        name = _USED.of(key_id, sha256(assertion_id.encode()).hexdigest())
        try:
            is_first = await self._redis.run("SET", name, 1, "NX", "EX", _USED.ttl)
        except RedisError as error:
            log.warning("assertion not checked for a repeat", error=repr(error))
            raise TemporarilyUnavailable from error
        if not is_first:
            log.warning("assertion came a second time", key=key_id)
            raise TokenInvalid


def _key_id(assertion: str) -> str:
    """Return the id of the key that the assertion claims, before any check."""
    try:
        header: object = jws.extract_compact(assertion.encode()).protected
    except (JoseError, ValueError, TypeError) as error:
        raise TokenInvalid from error
    match header:
        case {"typ": str(type_), "kid": str(key_id)} if type_ == TYPE and _ID.fullmatch(key_id):
            return key_id
    raise TokenInvalid


class _Ed25519(JWSRegistry):
    """Accepts Ed25519 alone, by its name and by `EdDSA`, its name before RFC 9864.

    Nearly all libraries write the older name. There are three headers and no others, as in access
    tokens.
    """

    default_header_registry = {  # noqa: RUF012 - as the base class has it
        name: JWSRegistry.default_header_registry[name] for name in ("alg", "typ", "kid")
    }

    def get_alg(self, name: str) -> JWSAlgModel:
        if name not in ("EdDSA", "Ed25519"):
            raise UnsupportedAlgorithmError(f"Algorithm of '{name}' is not allowed")
        return super().get_alg("Ed25519")


_ED25519 = _Ed25519(algorithms=["Ed25519"])
