"""Access tokens: JWTs good for ten minutes, which name a caller and carry no rights."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cachetools import LRUCache
from joserfc.jwk import OctKey

from okno.accounts.config import Issuer
from okno.accounts.dto import AccessToken
from okno.accounts.service.jwt_keys import JwtKeyRing
from okno.accounts.tokens import ACCESS_SECONDS, Claims, read_access_token
from okno.kit.actor import Role
from okno.kit.clock import Clock

_MAX_REMEMBERED_TOKENS = 10_000


@dataclass(frozen=True, slots=True)
class Signer:
    """All that is needed to sign at this moment, so that signing can't fail."""

    issuer: Issuer
    kid: str
    key: OctKey
    now: datetime

    def for_user(self, user_id: int, session_id: UUID) -> AccessToken:
        return self._sign(Role.USER, user_id, str(session_id))

    def for_service(self, service_id: int, key_id: str) -> AccessToken:
        """`key_id`: of the key by which the service was recognised."""
        return self._sign(Role.SERVICE, service_id, key_id)

    def _sign(self, role: Role, subject_id: int, credential_id: str) -> AccessToken:
        claims = Claims(role, subject_id, credential_id, self.now.timestamp() + ACCESS_SECONDS)
        token = claims.sign(self.issuer, self.kid, self.key, self.now)
        return AccessToken(token, ACCESS_SECONDS)


class AccessTokens:
    """Signs and checks access tokens, each signature once; one per process."""

    def __init__(self, keys: JwtKeyRing, issuer: Issuer, clock: Clock) -> None:
        self._keys = keys
        self._issuer = issuer
        self._clock = clock
        self._known: LRUCache[str, Claims] = LRUCache(_MAX_REMEMBERED_TOKENS)

    async def signer(self) -> Signer:
        """Get ready to sign, before the transaction whose success the token stands for.

        Raises `TemporarilyUnavailable` while the keys can't be read.
        """
        return Signer(self._issuer, *await self._keys.signing(), self._clock.now())

    def recall(self, token: str) -> Claims | None:
        """Return the claims of a token that was checked before, as long as it is good."""
        known = self._known.get(token)
        if known is not None and known.expires_at <= self._clock.now().timestamp():
            del self._known[token]
            return None
        return known

    async def read(self, token: str) -> Claims:
        """Check what a token proves by itself, and remember its claims.

        Raises `TokenInvalid`, `TokenExpired`, `TemporarilyUnavailable`.
        """
        keys = await self._keys.verifying()
        claims = read_access_token(token, self._issuer, keys, self._clock.now())
        self._known[token] = claims
        return claims
