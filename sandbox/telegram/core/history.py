"""The messages of one chat."""

from collections.abc import Iterator
from typing import Final

from sandbox.telegram.shapes import Wire

MAX_MESSAGES: Final = 1000


class History:
    """Messages by id. They are replaced but never changed, since updates refer to them."""

    def __init__(self) -> None:
        self._messages: dict[int, Wire] = {}
        self._fixed_ids: set[int] = set()
        self._last_id = 0

    def __iter__(self) -> Iterator[Wire]:
        return iter(self._messages.values())

    def next_id(self) -> int:
        self._last_id += 1
        return self._last_id

    @property
    def last_id(self) -> int:
        return self._last_id

    def get(self, message_id: int | None) -> Wire | None:
        return None if message_id is None else self._messages.get(message_id)

    def put(self, message: Wire) -> None:
        """Add or replace a message; beyond the limit, remove the oldest."""
        self._messages[message["message_id"]] = message
        if len(self._messages) > MAX_MESSAGES:
            self.remove(next(iter(self._messages)))

    def remove(self, message_id: int) -> None:
        self._messages.pop(message_id, None)
        self._fixed_ids.discard(message_id)

    def fix(self, message_id: int) -> None:
        """Forbid edits of a message, because it has a reply keyboard."""
        self._fixed_ids.add(message_id)

    def is_fixed(self, message_id: int) -> bool:
        return message_id in self._fixed_ids
