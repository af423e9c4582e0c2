"""Who performs a use case: the first argument of every service method."""

from dataclasses import dataclass
from enum import StrEnum

from okno.kit.errors import ErrorKind, OknoError


class Role(StrEnum):
    """What an actor may do: an admin may do all that a user may, and the system may do all."""

    USER = "user"
    ADMIN = "admin"
    SYSTEM = "system"


class Forbidden(OknoError):
    """The actor lacks the right to do this."""

    code = "forbidden"
    kind = ErrorKind.FORBIDDEN


@dataclass(frozen=True, slots=True)
class Actor:
    """A user by id, or the system itself (`user_id` is None then)."""

    role: Role
    user_id: int | None = None

    def require_user(self) -> int:
        """Return the id of the user who acts; raise `Forbidden` when nobody in person does."""
        if self.user_id is None:
            raise Forbidden
        return self.user_id

    def require_admin(self) -> None:
        """Raise `Forbidden` unless an admin or Okno itself acts."""
        if self.role is Role.USER:
            raise Forbidden

    def require_system(self) -> None:
        """Raise `Forbidden` unless Okno itself acts."""
        if self.role is not Role.SYSTEM:
            raise Forbidden


SYSTEM = Actor(Role.SYSTEM)
