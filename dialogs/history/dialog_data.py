"""The data of the history's dialog: ids and words, but no content of conversations."""

from typing import NamedTuple

from aiogram_dialog import DialogManager

CONVERSATIONS = "list"
EXCHANGES = "pages"
RESULTS = "hits"
"""The ids of the scrolls, which keep the page of their list."""

MAX_TITLE = 60
MAX_QUERY = 200


class Hit(NamedTuple):
    """An exchange that the search has found, as the data of a button."""

    conversation_id: int
    exchange: int

    @classmethod
    def parse(cls, text: str) -> "Hit":
        conversation_id, _, exchange = text.partition(".")
        return cls(int(conversation_id), int(exchange))

    def __str__(self) -> str:
        return f"{self.conversation_id}.{self.exchange}"


def conversation_id(manager: DialogManager) -> int:
    """Return the id of the open conversation; 0, which no conversation has, when none is open."""
    return int(manager.dialog_data.get("conversation", 0))


def open_conversation(manager: DialogManager, conversation: int, *, searched: bool) -> None:
    """Note the open conversation; `searched`: the way back leads to the results of the search."""
    manager.dialog_data.update(conversation=conversation, searched=searched)


def was_searched(manager: DialogManager) -> bool:
    return bool(manager.dialog_data.get("searched"))


def query(manager: DialogManager) -> str:
    """Return the words of the last search."""
    return str(manager.dialog_data.get("query", ""))


def search_for(manager: DialogManager, words: str) -> None:
    manager.dialog_data["query"] = words[:MAX_QUERY]


def is_title_refused(manager: DialogManager) -> bool:
    return bool(manager.dialog_data.get("refused"))


def refuse_title(manager: DialogManager, *, refused: bool) -> None:
    """Note whether the last title was refused."""
    manager.dialog_data["refused"] = refused
