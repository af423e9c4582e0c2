"""Memory that does not grow without end."""

from typing import Final, TypeVar

K = TypeVar("K")
V = TypeVar("V")

MAX_KEPT: Final = 10_000


class Newest(dict[K, V]):
    """Forgets its oldest entry when a new one would be too many."""

    def __setitem__(self, key: K, value: V) -> None:
        super().__setitem__(key, value)
        if len(self) > MAX_KEPT:
            del self[next(iter(self))]
