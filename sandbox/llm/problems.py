"""Reasons for refusing a request; each service has its own words for them."""

from enum import Enum, auto


class Problem(Enum):
    """`BAD_GATEWAY` comes from a proxy and has no JSON body."""

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
    """The request is refused; without a message the service sends its default message.

    `param`: the field with the error.
    """

    def __init__(
        self, problem: Problem, message: str | None = None, *, param: str | None = None
    ) -> None:
        super().__init__(message or problem.name)
        self.problem = problem
        self.message = message
        self.param = param


class ConnectionDropped(Exception):
    """The connection must be closed without the rest of the answer."""
