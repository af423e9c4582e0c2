"""The actor performs a use case: it is the first argument of every service method."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from okno.kit.errors import ErrorKind, OknoError


class Role(StrEnum):
    """The rights of an actor: an admin has those of a user and more, the system has all.

    A service has the rights of its scopes, and only for the users that it has made.
    """

    USER = "user"
    ADMIN = "admin"
    SERVICE = "service"
    SYSTEM = "system"


Scope = NewType("Scope", str)
"""A right of a service; capabilities declare theirs."""


class Forbidden(OknoError):
    """The actor lacks the right to do this."""

    code = "forbidden"
    kind = ErrorKind.FORBIDDEN


@dataclass(frozen=True, slots=True)
class Actor:
    """A user, a service, or the system itself, which has neither id.

    `api_key_id`: the API key by which the user acts, whose budget pays, too.
    """

    role: Role
    user_id: int | None = None
    service_id: int | None = None
    scopes: frozenset[Scope] = frozenset()
    api_key_id: int | None = None

    def require_user(self) -> int:
        """Return the id of the acting user; raise `Forbidden` when a service or the system acts."""
        if self.user_id is None:
            raise Forbidden
        return self.user_id

    def require_admin(self) -> None:
        """Raise `Forbidden` unless an admin or Okno itself acts."""
        if self.role not in (Role.ADMIN, Role.SYSTEM):
            raise Forbidden

    def require_scope(self, scope: Scope) -> None:
        """Raise `Forbidden` unless a service with this scope, an admin or Okno itself acts."""
        if self.role is Role.SERVICE and scope in self.scopes:
            return
        self.require_admin()

    def require_system(self) -> None:
        """Raise `Forbidden` unless Okno itself acts."""
        if self.role is not Role.SYSTEM:
            raise Forbidden


SYSTEM = Actor(Role.SYSTEM)
