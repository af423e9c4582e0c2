"""Bodies of services."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, StringConstraints

from api.schemas.base import Schema
from api.schemas.fields import Id
from okno.accounts.dto import Service, ServiceKey
from okno.capabilities import SCOPES
from okno.kit.actor import Scope as ScopeName

if TYPE_CHECKING:
    Scope = ScopeName
else:
    Scope = StrEnum("Scope", [(scope.upper(), scope) for scope in SCOPES])
    Scope.__doc__ = "What a service may do for its users."

_RFC_8037 = "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
_RFC_8410 = "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE="
"""Public keys of the examples in RFC 8410 and, below, the thumbprint of the first."""

KeyId = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$"),
    Field(examples=["kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"]),
]
"""An RFC 7638 thumbprint."""

PublicKey = Annotated[
    str,
    Field(
        min_length=1,
        max_length=1000,
        description="An Ed25519 public key as PEM.",
        examples=[f"-----BEGIN PUBLIC KEY-----\n{_RFC_8037}\n-----END PUBLIC KEY-----\n"],
    ),
]
ServiceName = Annotated[str, Field(min_length=1, max_length=64, examples=["shop"])]


class NewService(Schema):
    """`name`: what the service calls itself in its assertions."""

    name: ServiceName
    public_key: PublicKey
    scopes: Annotated[list[Scope], Field(max_length=len(SCOPES), examples=[["users", "chat"]])]


class NewServiceKey(Schema):
    """The second key: both are good until one of them is revoked."""

    public_key: Annotated[
        PublicKey,
        Field(examples=[f"-----BEGIN PUBLIC KEY-----\n{_RFC_8410}\n-----END PUBLIC KEY-----\n"]),
    ]


class ServiceKeyLine(Schema):
    """A key of a service that is good; `id` is its RFC 7638 thumbprint, the `kid` of a JWT."""

    id: KeyId
    created_at: datetime

    @classmethod
    def of(cls, key: ServiceKey) -> "ServiceKeyLine":
        return cls(id=key.id, created_at=key.created_at)


class ServiceLine(Schema):
    """A service, what it may do, and its keys."""

    id: Id
    name: ServiceName
    scopes: list[Scope]
    keys: list[ServiceKeyLine]

    @classmethod
    def of(cls, service: Service) -> "ServiceLine":
        return cls(
            id=str(service.id),
            name=service.name,
            scopes=sorted(service.scopes),
            keys=[ServiceKeyLine.of(key) for key in service.keys],
        )


class Services(Schema):
    """All services."""

    services: list[ServiceLine]
