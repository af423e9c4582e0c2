"""Errors as data: a stable code, a kind and parameters; surfaces translate kinds by a table."""

from enum import StrEnum
from typing import ClassVar


class ErrorKind(StrEnum):
    """The general kind of an error: surfaces translate these and no others."""

    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    LIMITED = "limited"
    PAYMENT_REQUIRED = "payment_required"
    UNAVAILABLE = "unavailable"


class OknoError(Exception):
    """The root of all errors that are told to a user.

    `code` names the text `error-<code>` of the locales; `params` are its variables.
    """

    code: ClassVar[str]
    kind: ClassVar[ErrorKind]
    params: ClassVar[tuple[str, ...]] = ()
    """Names of the variables that the text may use."""

    def __init__(self, **values: str | int) -> None:
        super().__init__(self.code)
        self.values = values

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value!r}" for name, value in self.values.items())
        return f"{self.code}({details})" if details else self.code


class TemporarilyUnavailable(OknoError):
    """A service that Okno depends on does not answer; nothing was changed."""

    code = "unavailable"
    kind = ErrorKind.UNAVAILABLE


class StartupError(Exception):
    """The process can't start; the message is one line that says why and what to do."""
