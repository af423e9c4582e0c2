"""A program that signs with its own key, as another service would: without any code of Okno."""

import json
import time
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


class ServiceProgram:
    """Holds an Ed25519 key pair and signs assertions with it."""

    def __init__(self, name: str, audience: str) -> None:
        self.name = name
        self.service_id = 0
        self._audience = audience
        self._key = Ed25519PrivateKey.generate()

    @property
    def public_key(self) -> str:
        """In PEM, as an administrator registers it."""
        public = self._key.public_key()
        return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    @property
    def key_id(self) -> str:
        """The RFC 7638 thumbprint."""
        x = _base64(self._key.public_key().public_bytes_raw())
        return _base64(sha256(_compact({"crv": "Ed25519", "kty": "OKP", "x": x})).digest())

    def assertion(self, header: dict[str, Any] | None = None, **claims: Any) -> str:
        """Sign a new assertion, good for a minute and for one use.

        A claim that is given replaces the usual one, and None leaves it out.
        """
        now = int(time.time())
        usual = {
            "iss": self.name,
            "sub": self.name,
            "aud": self._audience,
            "iat": now,
            "exp": now + 60,
            "jti": uuid4().hex,
        }
        head = {"alg": "EdDSA", "kid": self.key_id, "typ": "assertion+jwt", **(header or {})}
        signed = f"{_encode(head)}.{_encode({**usual, **claims})}"
        return f"{signed}.{_base64(self._key.sign(signed.encode()))}"


def _encode(part: dict[str, Any]) -> str:
    return _base64(_compact({name: value for name, value in part.items() if value is not None}))


def _compact(value: dict[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _base64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
