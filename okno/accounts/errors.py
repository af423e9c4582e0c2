"""Errors of accounts."""

from okno.kit.errors import ErrorKind, OknoError


class UserNotFound(OknoError):
    """There is no such user."""

    code = "user-not-found"
    kind = ErrorKind.NOT_FOUND


# --- Passwords and sign-ins -----------------------------------------------------------------


class LoginTaken(OknoError):
    """Another user has this login."""

    code = "login-taken"
    kind = ErrorKind.CONFLICT


class LoginInvalid(OknoError):
    """A login has 3 to 64 Latin letters, digits and `._@-`, and not digits alone."""

    code = "login-invalid"
    kind = ErrorKind.INVALID


class PasswordTooShort(OknoError):
    """The password has less than `least` characters."""

    code = "password-too-short"
    kind = ErrorKind.INVALID
    params = ("least",)


class PasswordTooLong(OknoError):
    """The password has more than `most` characters."""

    code = "password-too-long"
    kind = ErrorKind.INVALID
    params = ("most",)


class PasswordTooCommon(OknoError):
    """The password is common, or it is the login itself."""

    code = "password-too-common"
    kind = ErrorKind.INVALID


class CredentialsWrong(OknoError):
    """The login or the password is wrong; which of them is not told."""

    code = "credentials-wrong"
    kind = ErrorKind.UNAUTHENTICATED


class SignInsCrowded(OknoError):
    """More passwords wait to be checked than can be checked in a few seconds."""

    code = "sign-ins-crowded"
    kind = ErrorKind.LIMITED


class SessionEnded(OknoError):
    """The refresh token is unknown, used up or too old, or its session has ended."""

    code = "session-ended"
    kind = ErrorKind.UNAUTHENTICATED


class SessionNotFound(OknoError):
    """There is no such session of the acting user."""

    code = "session-not-found"
    kind = ErrorKind.NOT_FOUND


# --- Tokens ---------------------------------------------------------------------------------


class TokenInvalid(OknoError):
    """The token is not one of Okno's, or its right was withdrawn."""

    code = "token-invalid"
    kind = ErrorKind.UNAUTHENTICATED


class TokenExpired(OknoError):
    """The token was valid, but has expired."""

    code = "token-expired"
    kind = ErrorKind.UNAUTHENTICATED


class ApiKeyNotFound(OknoError):
    """The acting user has no such valid API key."""

    code = "api-key-not-found"
    kind = ErrorKind.NOT_FOUND


class TooManyApiKeys(OknoError):
    """The user has the maximum number of API keys, `most`."""

    code = "too-many-api-keys"
    kind = ErrorKind.CONFLICT
    params = ("most",)


class NameEmpty(OknoError):
    """A name needs a visible character."""

    code = "name-empty"
    kind = ErrorKind.INVALID


# --- Confirmations in Telegram, and accounts that are joined --------------------------------


class ConfirmationNotFound(OknoError):
    """There is no such confirmation of the acting user."""

    code = "confirmation-not-found"
    kind = ErrorKind.NOT_FOUND


class ConfirmationOver(OknoError):
    """The confirmation was decided before, or has expired."""

    code = "confirmation-over"
    kind = ErrorKind.CONFLICT


class TooManyConfirmations(OknoError):
    """Too many requests to this account were not confirmed; `seconds`: until the next may come."""

    code = "too-many-confirmations"
    kind = ErrorKind.LIMITED
    params = ("seconds",)


class AlreadyJoined(OknoError):
    """One of the accounts can be used both in Telegram and over HTTP already."""

    code = "already-joined"
    kind = ErrorKind.CONFLICT


# --- Services -------------------------------------------------------------------------------


class ServiceNotFound(OknoError):
    """There is no such service."""

    code = "service-not-found"
    kind = ErrorKind.NOT_FOUND


class ServiceNameTaken(OknoError):
    """There is a service with this name already."""

    code = "service-name-taken"
    kind = ErrorKind.CONFLICT


class ServiceNameInvalid(OknoError):
    """The name does not fit into an assertion, a log line and a command."""

    code = "service-name-invalid"
    kind = ErrorKind.INVALID


class ServiceKeyNotFound(OknoError):
    """The service has no such valid key."""

    code = "service-key-not-found"
    kind = ErrorKind.NOT_FOUND


class ServiceKeyTaken(OknoError):
    """A service has this key, or had it before it was revoked."""

    code = "service-key-taken"
    kind = ErrorKind.CONFLICT


class TooManyServiceKeys(OknoError):
    """The service has the maximum number of valid keys."""

    code = "too-many-service-keys"
    kind = ErrorKind.CONFLICT


class PublicKeyInvalid(OknoError):
    """The text is no Ed25519 public key in PEM form."""

    code = "public-key-invalid"
    kind = ErrorKind.INVALID


class ExternalIdInvalid(OknoError):
    """The external id of a user can't be stored or seen."""

    code = "external-id-invalid"
    kind = ErrorKind.INVALID
