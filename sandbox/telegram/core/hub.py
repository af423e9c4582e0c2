"""Publishes changes to all who wait: long polls, the webhook, event streams, tests."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from sandbox.telegram.shapes import Wire


class ChangeKind(StrEnum):
    """Kinds of changes. Event streams of chats send the first group."""

    MESSAGE = "message"
    DELETED = "deleted"
    DRAFT = "draft"
    ACTION = "action"
    REPLY_KEYBOARD = "reply_keyboard"
    COMMANDS = "commands"
    BLOCKED = "blocked"
    STARS = "stars"
    RESET = "reset"

    UPDATE_QUEUED = "update_queued"
    WEBHOOK_CHANGED = "webhook_changed"
    CALLBACK_ANSWERED = "callback_answered"
    CHECKOUT_ENDED = "checkout_ended"


@dataclass(frozen=True, slots=True)
class Change:
    """A change; `chat_id` is None if it concerns all chats."""

    kind: ChangeKind
    chat_id: int | None = None
    data: Wire = field(default_factory=dict)


Listener: TypeAlias = Callable[[Change], None]


class Hub:
    """Calls all listeners in the order of subscription. A listener must not wait."""

    def __init__(self) -> None:
        self._listeners: dict[int, Listener] = {}
        self._next_key = 0

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Subscribe; return a function that ends the subscription."""
        key = self._next_key
        self._next_key += 1
        self._listeners[key] = listener

        def unsubscribe() -> None:
            self._listeners.pop(key, None)

        return unsubscribe

    def publish(self, change: Change) -> None:
        for listener in tuple(self._listeners.values()):
            listener(change)
