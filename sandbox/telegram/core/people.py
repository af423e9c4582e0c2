"""Users and the bot."""

from dataclasses import dataclass

from sandbox.telegram.shapes import Wire


@dataclass(frozen=True, slots=True)
class User:
    """A user; `id` is also the id of the private chat with the bot."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None

    def wire(self) -> Wire:
        """Return the official User without empty names."""
        optional = {
            "last_name": self.last_name,
            "username": self.username,
            "language_code": self.language_code,
        }
        required = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        return required | {key: value for key, value in optional.items() if value is not None}


class Localized:
    """A text of the bot's profile by language code. An empty code is the default."""

    def __init__(self, default: str = "") -> None:
        self._default = default
        self._texts: dict[str, str] = {}

    def get(self, language_code: str | None) -> str:
        texts = self._texts
        return texts.get(language_code or "") or texts.get("") or self._default

    def set(self, language_code: str | None, text: str | None) -> None:
        """Set the text; an empty text removes it."""
        self._texts[language_code or ""] = text or ""


class BotProfile:
    """The bot of this emulator; its id is the number at the start of the token."""

    def __init__(self, token: str, *, username: str, first_name: str) -> None:
        self.token = token
        self.id = int(token.partition(":")[0])
        self.username = username
        self.name = Localized(first_name)
        self.description = Localized()
        self.short_description = Localized()

    def wire(self) -> Wire:
        """Return the bot as the author of a message."""
        return {
            "id": self.id,
            "is_bot": True,
            "first_name": self.name.get(None),
            "username": self.username,
        }
