"""A dictionary of limited size."""

from typing import Final, TypeVar

K = TypeVar("K")
V = TypeVar("V")

MAX_ENTRIES: Final = 10_000


class BoundedDict(dict[K, V]):
    """Removes its oldest entry when it gets too large."""

    def __setitem__(self, key: K, value: V) -> None:
        super().__setitem__(key, value)
        if len(self) > MAX_ENTRIES:
            del self[next(iter(self))]
