"""How a service refuses; each writes it down in its own words."""

from enum import Enum, auto


class Problem(Enum):
    """Reasons. `BAD_GATEWAY` is a proxy's: what it sends is no JSON."""

    BAD_REQUEST = auto()
    UNAUTHENTICATED = auto()
    PERMISSION_DENIED = auto()
    NOT_FOUND = auto()
    GAUGE_LIMIT = auto()
    HOURLY_LIMIT = auto()
    INTERNAL = auto()
    UNAVAILABLE = auto()
    DEADLINE = auto()
    BAD_GATEWAY = auto()


class Refused(Exception):
    """The request is refused; without a message the service says what it usually does.

    `param`: the field that is to blame.
    """

    def __init__(
        self, problem: Problem, message: str | None = None, *, param: str | None = None
    ) -> None:
        super().__init__(message or problem.name)
        self.problem = problem
        self.message = message
        self.param = param


class ConnectionDropped(Exception):
    """The connection is to be closed in the middle of the answer."""
