"""The HTTP status of every error, and the errors that exist only over HTTP."""

from okno.kit.errors import ErrorKind, OknoError
from okno.llm.errors import ModelError

_STATUSES = {
    ErrorKind.INVALID: 400,
    ErrorKind.UNAUTHENTICATED: 401,
    ErrorKind.PAYMENT_REQUIRED: 402,
    ErrorKind.FORBIDDEN: 403,
    ErrorKind.NOT_FOUND: 404,
    ErrorKind.CONFLICT: 409,
    ErrorKind.LIMITED: 429,
    ErrorKind.UNAVAILABLE: 503,
}
_MODEL_FAILED = 500
"""The status of a failed model, as the published contract has it."""


def status_of(error: OknoError | type[OknoError]) -> int:
    """Return the HTTP status of an error, or of a class of errors."""
    kind = error if isinstance(error, type) else type(error)
    if issubclass(kind, HttpError):
        return kind.status
    if issubclass(kind, ModelError) and kind.kind is not ErrorKind.LIMITED:
        return _MODEL_FAILED
    return _STATUSES[kind.kind]


class HttpError(OknoError):
    """The base class of errors with a status of their own."""

    status: int


class RequestInvalid(OknoError):
    """Parameters or body do not fit the route; `errors` of the problem body names the fields."""

    code = "request-invalid"
    kind = ErrorKind.INVALID


class UserIdMissing(OknoError):
    """A service has not named the user for whom it acts."""

    code = "user-id-missing"
    kind = ErrorKind.INVALID


class TokenMissing(OknoError):
    """The request has no header `Authorization: Bearer …`."""

    code = "token-missing"
    kind = ErrorKind.UNAUTHENTICATED


class TooManyRequests(OknoError):
    """A rate limit is used up; the next request is possible after `seconds`."""

    code = "too-many-requests"
    kind = ErrorKind.LIMITED
    params = ("seconds",)


class Overloaded(OknoError):
    """The process has as many running requests as it may have."""

    code = "overloaded"
    kind = ErrorKind.UNAVAILABLE


class RequestTimeout(OknoError):
    """The request has taken longer than a request may."""

    code = "request-timeout"
    kind = ErrorKind.UNAVAILABLE


class TelegramUnavailable(OknoError):
    """Telegram does not answer at the moment."""

    code = "telegram-unavailable"
    kind = ErrorKind.UNAVAILABLE


class RouteNotFound(OknoError):
    """No route has this address."""

    code = "route-not-found"
    kind = ErrorKind.NOT_FOUND


class MethodNotAllowed(HttpError):
    """The address has no route for this method."""

    code = "method-not-allowed"
    kind = ErrorKind.INVALID
    status = 405


class BodyTooSlow(HttpError):
    """The body did not come in time."""

    code = "body-too-slow"
    kind = ErrorKind.INVALID
    status = 408


class BodyTooLarge(HttpError):
    """The body is longer than `limit` bytes."""

    code = "body-too-large"
    kind = ErrorKind.INVALID
    params = ("limit",)
    status = 413


class AddressTooLong(HttpError):
    """Path and parameters are longer than `limit` bytes."""

    code = "address-too-long"
    kind = ErrorKind.INVALID
    params = ("limit",)
    status = 414


class MediaTypeRefused(HttpError):
    """A body has to be JSON, and not compressed."""

    code = "media-type-refused"
    kind = ErrorKind.INVALID
    status = 415


class HeadersTooLong(HttpError):
    """The headers are longer than `limit` bytes."""

    code = "headers-too-long"
    kind = ErrorKind.INVALID
    params = ("limit",)
    status = 431


class Unexpected(HttpError):
    """An error in our code; the log has it under the request id."""

    code = "unexpected"
    kind = ErrorKind.UNAVAILABLE
    status = 500
