"""The bot's commands by scope and language, and the commands that a user sees."""

from typing import Final, TypeAlias

from sandbox.telegram.core.chats import Chat
from sandbox.telegram.shapes import Wire

Scope: TypeAlias = tuple[str, int | None, int | None]
"""The type of the scope, its chat and its user. Some types have none of them."""

DEFAULT_SCOPE: Final[Scope] = ("default", None, None)


class CommandBook:
    """Commands as in https://core.telegram.org/bots/api#determining-list-of-commands."""

    def __init__(self) -> None:
        self._lists: dict[tuple[Scope, str], list[Wire]] = {}

    def get(self, scope: Scope, language_code: str | None) -> list[Wire]:
        return self._lists.get((scope, language_code or ""), [])

    def set(self, scope: Scope, language_code: str | None, commands: list[Wire]) -> None:
        self._lists[scope, language_code or ""] = commands

    def delete(self, scope: Scope, language_code: str | None) -> None:
        self._lists.pop((scope, language_code or ""), None)

    def shown_to(self, chat: Chat, user_id: int, language_code: str | None) -> list[Wire]:
        """Return the commands of the narrowest scope, in the user's language if there are any."""
        for scope in _scopes(chat, user_id):
            for language in (language_code or "", ""):
                if commands := self._lists.get((scope, language)):
                    return commands
        return []


def _scopes(chat: Chat, user_id: int) -> list[Scope]:
    if chat.is_private:
        return [("chat", chat.id, None), ("all_private_chats", None, None), DEFAULT_SCOPE]
    return [
        ("chat_member", chat.id, user_id),
        ("chat", chat.id, None),
        ("all_group_chats", None, None),
        DEFAULT_SCOPE,
    ]
