"""What can go wrong with accounts."""

from okno.kit.errors import ErrorKind, OknoError


class UserNotFound(OknoError):
    """There is no such user, or no longer."""

    code = "user-not-found"
    kind = ErrorKind.NOT_FOUND


# --- Passwords and sign-ins -----------------------------------------------------------------


class LoginTaken(OknoError):
    """Somebody else has this login."""

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
    """The password is one of those that are tried first: a common one, or the login itself."""

    code = "password-too-common"
    kind = ErrorKind.INVALID


class CredentialsWrong(OknoError):
    """There is nobody with this login and this password; which of both is wrong is not told."""

    code = "credentials-wrong"
    kind = ErrorKind.UNAUTHENTICATED


class SignInsCrowded(OknoError):
    """More passwords wait to be checked than can be in a few seconds."""

    code = "sign-ins-crowded"
    kind = ErrorKind.LIMITED


class SessionEnded(OknoError):
    """The refresh token is unknown, used up or too old, or its session has ended."""

    code = "session-ended"
    kind = ErrorKind.UNAUTHENTICATED


class SessionNotFound(OknoError):
    """There is no such session, or it is none of the acting user's."""

    code = "session-not-found"
    kind = ErrorKind.NOT_FOUND


# --- Tokens ---------------------------------------------------------------------------------


class TokenInvalid(OknoError):
    """The token is none of ours, or the right that it stood for was withdrawn."""

    code = "token-invalid"
    kind = ErrorKind.UNAUTHENTICATED


class TokenExpired(OknoError):
    """The token was good, but its time is over."""

    code = "token-expired"
    kind = ErrorKind.UNAUTHENTICATED


class ApiKeyNotFound(OknoError):
    """There is no such API key that is good, or it is none of the acting user's."""

    code = "api-key-not-found"
    kind = ErrorKind.NOT_FOUND


class TooManyApiKeys(OknoError):
    """The user has as many API keys as one may have."""

    code = "too-many-api-keys"
    kind = ErrorKind.CONFLICT
    params = ("most",)


class NameEmpty(OknoError):
    """A name needs a visible character."""

    code = "name-empty"
    kind = ErrorKind.INVALID


# --- Confirmations in Telegram, and accounts that are joined --------------------------------


class ConfirmationNotFound(OknoError):
    """There is no such confirmation, or it is none of the acting user's."""

    code = "confirmation-not-found"
    kind = ErrorKind.NOT_FOUND


class ConfirmationOver(OknoError):
    """It was decided already, or not in time."""

    code = "confirmation-over"
    kind = ErrorKind.CONFLICT


class TooManyConfirmations(OknoError):
    """So much was asked of this account that nobody confirmed; `seconds`: until it is forgotten."""

    code = "too-many-confirmations"
    kind = ErrorKind.LIMITED
    params = ("seconds",)


class AlreadyJoined(OknoError):
    """One of the two accounts can be used both in Telegram and over HTTP already."""

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
    """The service has no such key that is good."""

    code = "service-key-not-found"
    kind = ErrorKind.NOT_FOUND


class ServiceKeyTaken(OknoError):
    """Some service has this key, or had it before it was revoked."""

    code = "service-key-taken"
    kind = ErrorKind.CONFLICT


class TooManyServiceKeys(OknoError):
    """The service has as many keys as are good at once."""

    code = "too-many-service-keys"
    kind = ErrorKind.CONFLICT


class PublicKeyInvalid(OknoError):
    """It is no Ed25519 public key in PEM form."""

    code = "public-key-invalid"
    kind = ErrorKind.INVALID


class ExternalIdInvalid(OknoError):
    """A service calls a user something that can't be stored or seen."""

    code = "external-id-invalid"
    kind = ErrorKind.INVALID
