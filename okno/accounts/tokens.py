"""Tokens: JWTs that are signed, and random tokens that are stored as a hash.

The checks of JWTs are those of RFC 8725 (JWT best practices) and RFC 9068 (JWT access tokens): one
algorithm, an explicit type, keys known by name, issuer, audience and time.
"""

import re
import secrets
import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import uuid4

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc import jws, jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import GuestProtocol, OctKey
from joserfc.jws import JWSRegistry
from joserfc.jwt import JWTClaimsRegistry
from joserfc.registry import JWS_HEADER_REGISTRY

from okno.accounts.errors import TokenExpired, TokenInvalid
from okno.kit.actor import Role

ACCESS_SECONDS = 600
"""Seconds for which an access token is valid."""
LEEWAY_SECONDS = 5
"""Seconds by which the clocks of two machines may differ."""
API_KEY_PREFIX = "okno_"
REFRESH_TOKEN_PREFIX = "okr_"  # noqa: S105 - what such tokens begin with
MAX_TOKEN_LENGTH = 4096
"""Characters: a longer token is refused without a look at it."""

HEADERS = {name: JWS_HEADER_REGISTRY[name] for name in ("alg", "typ", "kid")}
"""The only headers that a signed token may have."""

_TYPE = "at+jwt"
_ALGORITHM = "HS256"
_LETTERS = string.ascii_letters + string.digits
_TOKEN_LETTERS = 43
"""Characters out of 62 that hold 256 bits."""
_SUBJECT = re.compile(r"(user|service):([1-9]\d{0,18})", re.ASCII)

SigningKeys = Mapping[str, OctKey]
"""Keys by name."""


def draw_token(prefix: str) -> str:
    """Make a random token; its prefix tells people and scanners its kind."""
    return prefix + "".join(secrets.choice(_LETTERS) for _ in range(_TOKEN_LETTERS))


def hash_of(token: str) -> bytes:
    """Return the hash that is stored of a random token; 256 bits need no slow hash."""
    return sha256(token.encode(errors="replace")).digest()


def derive_key(secret: bytes, name: str) -> OctKey:
    """Derive the signing key of this name (HKDF, RFC 5869)."""
    derivation = HKDF(SHA256(), length=32, salt=None, info=f"okno jwt {name}".encode())
    return OctKey.import_key(derivation.derive(secret))


def type_of(token: str) -> str | None:
    """Return the type that a JWT claims, before any check; None: this is no JWT."""
    try:
        header: object = jws.extract_compact(token.encode()).protected
    except (JoseError, ValueError, TypeError):
        return None
    stated = header.get("typ") if isinstance(header, dict) else None
    return stated if isinstance(stated, str) else None


@dataclass(frozen=True, slots=True)
class Claims:
    """The subject of an access token, and the credential; it tells nothing of rights.

    `role`: a user or a service. `credential_id`: the id of the session or the service key.
    `expires_at`: seconds since 1970.
    """

    role: Role
    subject_id: int
    credential_id: str
    expires_at: float

    def sign(self, issuer: str, kid: str, key: OctKey, now: datetime) -> str:
        """Return the token, signed by the key with this name."""
        return jwt.encode(
            {"alg": _ALGORITHM, "typ": _TYPE, "kid": kid},
            {
                "iss": issuer,
                "aud": issuer,
                "sub": f"{self.role}:{self.subject_id}",
                "sid": self.credential_id,
                "iat": int(now.timestamp()),
                "exp": int(self.expires_at),
                "jti": uuid4().hex,
            },
            key,
            registry=_HEADERS,
        )


def read_access_token(token: str, issuer: str, keys: SigningKeys, now: datetime) -> Claims:
    """Check everything that the token itself can prove.

    Raises `TokenExpired` for a token that was valid, `TokenInvalid` for any other.
    """

    def find(header: GuestProtocol) -> OctKey:
        key = keys.get(header.headers().get("kid", ""))
        if key is None:
            raise TokenInvalid
        return key

    try:
        checked = jwt.decode(token, find, registry=_HEADERS)
        if checked.header.get("typ") != _TYPE:
            raise TokenInvalid
        _rules(issuer, now).validate(checked.claims)
    except ExpiredTokenError as error:
        raise TokenExpired from error
    except (JoseError, ValueError, TypeError) as error:
        raise TokenInvalid from error
    subject = _SUBJECT.fullmatch(checked.claims["sub"])
    if subject is None:
        raise TokenInvalid
    return Claims(
        role=Role(subject[1]),
        subject_id=int(subject[2]),
        credential_id=checked.claims["sid"],
        expires_at=checked.claims["exp"] + LEEWAY_SECONDS,
    )


def _rules(issuer: str, now: datetime) -> JWTClaimsRegistry:
    return JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": issuer},
        sub={"essential": True},
        sid={"essential": True},
        iat={"essential": True},
        exp={"essential": True},
        jti={"essential": True},
    )


class _OurHeaders(JWSRegistry):
    """Refuses all other headers: no keys that come with the token, no extensions."""

    default_header_registry = HEADERS


_HEADERS = _OurHeaders(algorithms=[_ALGORITHM])
