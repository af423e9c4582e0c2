"""The key pair of a service, and the assertions that it signs: by hand, as any language would."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from json import dumps
from time import time
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

AUDIENCE = "http://127.0.0.1:8081"
"""The address of the API in the settings of the tests."""


class ServiceKeys:
    """A key pair; `id` is the RFC 7638 thumbprint of its public half."""

    def __init__(self) -> None:
        self.private = Ed25519PrivateKey.generate()
        public = self.private.public_key()
        self.pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        x = _base64(public.public_bytes(Encoding.Raw, PublicFormat.Raw))
        self.id = _base64(sha256(b'{"crv":"Ed25519","kty":"OKP","x":"%b"}' % x.encode()).digest())

    def claims(self, service: str, **others: Any) -> dict[str, Any]:
        """Make the claims of a good assertion, but for `others`; None leaves one out."""
        now = int(time())
        claims = {
            "iss": service,
            "sub": service,
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + 60,
            "jti": str(uuid4()),
            **others,
        }
        return {name: value for name, value in claims.items() if value is not None}

    def sign(self, claims: object, **header: Any) -> str:
        """Sign the claims; `header` changes the usual one, None leaves a part out."""
        full = {"alg": "EdDSA", "typ": "assertion+jwt", "kid": self.id, **header}
        kept = {name: value for name, value in full.items() if value is not None}
        signed = f"{_base64(dumps(kept).encode())}.{_base64(dumps(claims).encode())}"
        return f"{signed}.{_base64(self.private.sign(signed.encode()))}"

    def assertion(self, service: str, **others: Any) -> str:
        """Make a good assertion, but for `others`."""
        return self.sign(self.claims(service, **others))


def _base64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
