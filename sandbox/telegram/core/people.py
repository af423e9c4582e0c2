"""Users and the bot."""

from dataclasses import dataclass

from sandbox.telegram.shapes import Wire


@dataclass(frozen=True, slots=True)
class User:
    """A person with a Telegram account; `id` is also the id of the private chat with the bot."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None

    def wire(self) -> Wire:
        """The official User; names that are not set are absent."""
        optional = {
            "last_name": self.last_name,
            "username": self.username,
            "language_code": self.language_code,
        }
        required = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        return required | {key: value for key, value in optional.items() if value is not None}


class Localized:
    """A text of the bot's profile; an empty language code is the default for all others."""

    def __init__(self, default: str = "") -> None:
        self._default = default
        self._texts: dict[str, str] = {}

    def get(self, language_code: str | None) -> str:
        texts = self._texts
        return texts.get(language_code or "") or texts.get("") or self._default

    def set(self, language_code: str | None, text: str | None) -> None:
        """An empty text removes the one that is set."""
        self._texts[language_code or ""] = text or ""


class BotProfile:
    """The one bot that this emulator serves; its id is the number in front of the token."""

    def __init__(self, token: str, *, username: str, first_name: str) -> None:
        self.token = token
        self.id = int(token.partition(":")[0])
        self.username = username
        self.name = Localized(first_name)
        self.description = Localized()
        self.short_description = Localized()

    def wire(self) -> Wire:
        """The bot as the author of a message."""
        return {
            "id": self.id,
            "is_bot": True,
            "first_name": self.name.get(None),
            "username": self.username,
        }
