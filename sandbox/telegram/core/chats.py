"""Chats and their members."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, Final

from sandbox.telegram.core.drafts import ChatAction, Draft
from sandbox.telegram.core.history import History
from sandbox.telegram.core.people import User
from sandbox.telegram.errors import SimError, bad_request, forbidden
from sandbox.telegram.shapes import Wire

MAX_USERS: Final = 1000
MAX_GROUPS: Final = 1000

_FIRST_GROUP_ID: Final = -1_001_000_000_000


@dataclass(slots=True)
class Chat:
    """A private chat of a user with the bot, or a group with the bot as a member."""

    id: int
    history: History
    user: User | None = None
    title: str | None = None
    member_ids: list[int] = field(default_factory=list)
    has_started: bool = True
    blocked: bool = False
    deactivated: bool = False
    bot_left: bool = False
    draft: Draft | None = None
    action: ChatAction | None = None
    reply_keyboard: Wire | None = None
    menu_button: Wire | None = None
    pinned_ids: list[int] = field(default_factory=list)

    @property
    def is_private(self) -> bool:
        return self.user is not None

    def wire(self) -> Wire:
        """Return the official Chat."""
        if self.user is None:
            return {"id": self.id, "type": "supergroup", "title": self.title}
        names = {
            "first_name": self.user.first_name,
            "last_name": self.user.last_name,
            "username": self.user.username,
        }
        present = {key: value for key, value in names.items() if value is not None}
        return {"id": self.id, "type": "private", **present}

    def check_writable(self) -> None:
        """Raises ApiError if the bot may not write here."""
        if self.deactivated:
            raise forbidden("user is deactivated")
        if self.blocked:
            raise forbidden("bot was blocked by the user")
        if not self.has_started:
            raise forbidden("bot can't initiate conversation with a user")
        if self.bot_left:
            raise forbidden("bot is not a member of the supergroup chat")


class ChatBook:
    """All chats. `clear` does not restart the ids, because a bot may remember old ones."""

    def __init__(self, *, first_user_id: int) -> None:
        self._chats: dict[int, Chat] = {}
        self._user_ids = count(first_user_id)
        self._group_ids = count(_FIRST_GROUP_ID, step=-1)

    def __iter__(self) -> Iterator[Chat]:
        return iter(self._chats.values())

    def users(self) -> list[User]:
        return [chat.user for chat in self if chat.user is not None]

    def add_user(
        self,
        first_name: str,
        *,
        last_name: str | None,
        username: str | None,
        language_code: str | None,
        has_started: bool,
    ) -> User:
        if len(self.users()) >= MAX_USERS:
            raise SimError(409, f"there are {MAX_USERS} users already")
        user = User(next(self._user_ids), first_name, last_name, username, language_code)
        self._chats[user.id] = Chat(user.id, History(), user=user, has_started=has_started)
        return user

    def change_user(self, user_id: int, **changes: Any) -> User:  # noqa: ANN401 - fields of User
        """Change a user. Messages that were already sent keep the old names."""
        changed = replace(self.user(user_id), **changes)
        self._chats[user_id].user = changed
        return changed

    def add_group(self, title: str, member_ids: list[int]) -> Chat:
        if sum(not chat.is_private for chat in self) >= MAX_GROUPS:
            raise SimError(409, f"there are {MAX_GROUPS} groups already")
        for user_id in member_ids:
            self.user(user_id)
        chat = Chat(next(self._group_ids), History(), title=title, member_ids=list(member_ids))
        self._chats[chat.id] = chat
        return chat

    def get(self, chat_id: int) -> Chat:
        """For user actions: raises SimError for an unknown chat."""
        chat = self._chats.get(chat_id)
        if chat is None:
            raise SimError(404, f"there is no chat {chat_id}")
        return chat

    def user(self, user_id: int) -> User:
        user = self.get(user_id).user
        if user is None:
            raise SimError(404, f"there is no user {user_id}")
        return user

    def find(self, chat_id: int | str) -> Chat:
        """For the bot: raises ApiError for an unknown chat. Users have no @username address."""
        chat = self._chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def writable(self, chat_id: int | str) -> Chat:
        chat = self.find(chat_id)
        chat.check_writable()
        return chat

    def clear(self) -> None:
        self._chats.clear()
