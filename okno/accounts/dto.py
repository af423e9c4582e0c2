"""Records that the services of accounts take and return."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from okno.kit.actor import Actor, Role, Scope


class Language(StrEnum):
    """The languages that Okno speaks: each has a folder in `locales/`."""

    EN = "en"
    RU = "ru"

    @classmethod
    def propose(cls, language_code: str | None) -> "Language":
        """Choose the language nearest to an IETF tag as Telegram sends it, English by default."""
        primary = (language_code or "").partition("-")[0].lower()
        return next((language for language in cls if language == primary), cls.EN)


@dataclass(frozen=True, slots=True)
class TelegramProfile:
    """The data of a person that come with every update of Telegram."""

    telegram_id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """A recognised user, with all that is needed to greet and to authorise; kept in the cache.

    `onboarded`: the registration is finished, because the language was confirmed.
    """

    user_id: int
    telegram_id: int | None
    first_name: str
    last_name: str | None
    username: str | None
    language: Language
    role: Role
    onboarded: bool
    registered_at: datetime

    @property
    def actor(self) -> Actor:
        return Actor(self.role, self.user_id)

    def matches(self, profile: TelegramProfile) -> bool:
        """Return whether the stored names are still those that Telegram shows."""
        return (self.first_name, self.last_name, self.username) == (
            profile.first_name,
            profile.last_name,
            profile.username,
        )


@dataclass(frozen=True, slots=True)
class Counters:
    """The number of all users, and of those `seen` within the last day.

    The latter is right to an hour, because the cache answers for a user for that long.
    """

    users: int
    seen: int


@dataclass(frozen=True, slots=True)
class AccountDetails:
    """Everything stored about one user, for that user's eyes, but for the hash of a password."""

    user_id: int
    login: str | None
    has_password: bool
    telegram_id: int | None
    username: str | None
    first_name: str
    last_name: str | None
    language: Language
    role: Role
    registered_at: datetime
    onboarded_at: datetime | None
    last_seen_at: datetime
    unreachable_since: datetime | None


@dataclass(frozen=True, slots=True)
class Device:
    """The sender of an HTTP request: the IP address and the User-Agent.

    Both are cut to a length that can be stored and shown.
    """

    address: str
    name: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "address", _printable(self.address)[:64])
        object.__setattr__(self, "name", _printable(self.name)[:255])


class Credential(StrEnum):
    """The kind of credential by which a caller was recognised."""

    SESSION = "session"
    API_KEY = "api_key"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Principal:
    """A recognised caller: the actor and the credential.

    `credential_id`: the id of the session, the API key or the service key. `has_budget`: the API
    key has a limit of its own.
    """

    actor: Actor
    credential: Credential
    credential_id: str
    has_budget: bool = False


@dataclass(frozen=True, slots=True)
class SignIn:
    """The tokens of a session: a JWT for `expires_in` seconds, and an opaque token to renew it."""

    user_id: int
    token: str
    expires_in: int
    refresh_token: str


@dataclass(frozen=True, slots=True)
class Session:
    """A session as its owner sees it."""

    id: UUID
    device: Device
    created_at: datetime
    used_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key as its owner sees it; `hint`: its first characters."""

    id: int
    name: str
    hint: str
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewApiKey:
    """A new API key with its secret, which can't be read again."""

    key: ApiKey
    secret: str


@dataclass(frozen=True, slots=True)
class ServiceKey:
    """A service's public key; `id` is its RFC 7638 thumbprint."""

    id: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Service:
    """Another program with its scopes, and its valid keys: two at most."""

    id: int
    name: str
    scopes: frozenset[Scope]
    keys: tuple[ServiceKey, ...]


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A JWT that is valid for `expires_in` seconds."""

    token: str
    expires_in: int


class ConfirmationKind(StrEnum):
    """The request that is to be confirmed in Telegram; see the table `confirmations`."""

    PASSWORD = "password"  # noqa: S105 - a kind
    JOINING = "joining"


class ConfirmationState(StrEnum):
    """The state of a confirmation; `EXPIRED`: nobody has decided in time."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A request that waits for the owner's decision; `number`: two digits that both sides show.

    `login`: the login of the web account that would be joined.
    """

    id: UUID
    kind: ConfirmationKind
    state: ConfirmationState
    number: int
    device: Device
    telegram_id: int | None
    login: str | None
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class JoiningLink:
    """A confirmation, and the code for `https://t.me/<bot>?start=join_<code>`."""

    confirmation: Confirmation
    code: str


@dataclass(frozen=True, slots=True)
class UserSummary:
    """A user in the list that an admin sees."""

    user_id: int
    login: str | None
    telegram_id: int | None
    username: str | None
    first_name: str
    last_name: str | None
    role: Role
    registered_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """An action that is about to be done.

    `action` names the use case, `target_id` the user concerned.
    """

    actor: Actor
    action: str
    target_id: int | None
    address: str
    request_id: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """A line of the audit log; `status`: that of the HTTP answer, None before it."""

    id: UUID
    at: datetime
    record: AuditRecord
    status: int | None


def _printable(text: str) -> str:
    return "".join(filter(str.isprintable, text))
