"""What the accounts service gives and takes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from okno.kit.actor import Actor, Role


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
    """What Telegram tells of a person with every update."""

    telegram_id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """A recognised user: all that is needed to greet and to authorise, kept in the cache.

    `onboarded`: the registration is finished, that is, the language was confirmed.
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
        """Tell whether the stored names are still those that Telegram shows."""
        return (self.first_name, self.last_name, self.username) == (
            profile.first_name,
            profile.last_name,
            profile.username,
        )


@dataclass(frozen=True, slots=True)
class Counters:
    """How many users there are, and how many were `seen` within the last day, give or take an hour.

    An hour, because that is how long the cache answers for a user.
    """

    users: int
    seen: int


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Everything stored about one user, for that user's eyes."""

    user_id: int
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
