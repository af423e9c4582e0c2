"""Access tokens: JWTs of ten minutes that say who it is, and nothing of rights."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from joserfc.jwk import OctKey

from okno.accounts.config import Issuer
from okno.accounts.dto import AccessToken
from okno.accounts.service.jwt_keys import JwtKeyRing
from okno.accounts.service.memory import Memory
from okno.accounts.tokens import ACCESS_SECONDS, Claims, read_access_token
from okno.kit.actor import Role
from okno.kit.clock import Clock

_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Signer:
    """All that is needed to sign at this moment: it can't fail any more."""

    issuer: Issuer
    kid: str
    key: OctKey
    now: datetime

    def for_user(self, user_id: int, session_id: UUID) -> AccessToken:
        return self._sign(Role.USER, user_id, str(session_id))

    def for_service(self, service_id: int, key_id: str) -> AccessToken:
        """`key_id`: of the service's key that has proved who it is."""
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
        self._known: Memory[str, Claims] = Memory(_REMEMBERED)

    async def signer(self) -> Signer:
        """Get ready to sign: ask for it before the transaction whose success the token stands for.

        Raises `TemporarilyUnavailable` while the keys can't be read.
        """
        return Signer(self._issuer, *await self._keys.signing(), self._clock.now())

    def recall(self, token: str) -> Claims | None:
        """Return what a token was found to say, as long as it is good."""
        known = self._known.get(token)
        if known is not None and known.expires_at <= self._clock.now().timestamp():
            self._known.forget(token)
            return None
        return known

    async def read(self, token: str) -> Claims:
        """Check all that the token can prove by itself, and remember it.

        Raises `TokenInvalid`, `TokenExpired`.
        """
        keys = await self._keys.verifying()
        claims = read_access_token(token, self._issuer, keys, self._clock.now())
        self._known.put(token, claims)
        return claims
