"""Ed25519 public keys: read from PEM, known by their thumbprint."""

from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)
from joserfc.jwk import OKPKey

from okno.accounts.errors import PublicKeyInvalid

_MAX_PEM_LENGTH = 1000
"""Characters: an Ed25519 key has about 120."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key; `id`: the RFC 7638 thumbprint; `pem`: without any text around the key."""

    id: str
    pem: str


def read_public_key(pem: str) -> PublicKey:
    """Read a key; raise `PublicKeyInvalid` for any other text, a private key above all."""
    try:
        key = load_pem_public_key(pem[:_MAX_PEM_LENGTH].encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise PublicKeyInvalid from error
    if not isinstance(key, Ed25519PublicKey):
        raise PublicKeyInvalid
    canonical = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    return PublicKey(OKPKey.import_key(key).thumbprint(), canonical)
