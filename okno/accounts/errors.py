"""What can go wrong with accounts."""

from okno.kit.errors import ErrorKind, OknoError


class UserNotFound(OknoError):
    """There is no such user, or no longer."""

    code = "user-not-found"
    kind = ErrorKind.NOT_FOUND
