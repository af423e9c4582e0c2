"""The queue of updates, with the rules of the official server."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from aiogram.types import Update

from sandbox.telegram.core.hub import Change, ChangeKind, Hub
from sandbox.telegram.shapes import Wire

MAX_PENDING: Final = 10_000

_NAMES: Final = frozenset(Update.model_fields) - {"update_id"}
_ON_REQUEST: Final = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_DEFAULT: Final = _NAMES - _ON_REQUEST

# A larger offset beyond the next id comes from another queue and is ignored.
_MAX_OFFSET_LEAD: Final = 10


@dataclass(frozen=True, slots=True)
class Queued:
    """An update, and the chat within which updates keep their order."""

    update: Wire
    chat_id: int

    @property
    def id(self) -> int:
        update_id: int = self.update["update_id"]
        return update_id


class UpdateQueue:
    """Pending updates. Ids never restart, because a polling bot remembers its offset."""

    def __init__(self, hub: Hub, *, first_id: int) -> None:
        self._hub = hub
        self._next_id = first_id
        self._queue: deque[Queued] = deque(maxlen=MAX_PENDING)
        self._allowed = _DEFAULT

    def __len__(self) -> int:
        return len(self._queue)

    def __iter__(self) -> Iterator[Queued]:
        return iter(tuple(self._queue))

    @property
    def allowed(self) -> list[str] | None:
        """The requested kinds of updates, or None for the default kinds, as in getWebhookInfo."""
        return None if self._allowed == _DEFAULT else sorted(self._allowed)

    def ask_for(self, names: Iterable[str] | None) -> None:
        """Set the requested kinds; None keeps them.

        Unknown names are ignored. Without any known name, the default kinds are requested.
        """
        if names is not None:
            self._allowed = frozenset(names) & _NAMES or _DEFAULT

    def add(self, kind: str, content: Wire, *, chat_id: int) -> None:
        """Queue an update of a requested kind; other kinds are dropped."""
        if kind not in self._allowed:
            return
        self._next_id += 1
        update = {"update_id": self._next_id - 1, kind: content}
        self._queue.append(Queued(update, chat_id))
        self._hub.publish(Change(ChangeKind.UPDATE_QUEUED))

    def confirm(self, offset: int) -> None:
        """Remove all updates below the offset. A negative offset counts from the end."""
        if offset < 0:
            offset += self._next_id
        if offset > self._next_id + _MAX_OFFSET_LEAD:
            return
        while self._queue and self._queue[0].id < offset:
            self._queue.popleft()

    def first(self, limit: int) -> list[Wire]:
        return [queued.update for queued, _ in zip(self._queue, range(limit), strict=False)]

    def has(self, update_id: int) -> bool:
        return any(queued.id == update_id for queued in self._queue)

    def remove(self, update_id: int) -> None:
        """Remove a delivered update."""
        kept = (queued for queued in self._queue if queued.id != update_id)
        self._queue = deque(kept, maxlen=MAX_PENDING)

    def clear(self) -> list[Wire]:
        taken = [queued.update for queued in self._queue]
        self._queue.clear()
        return taken
