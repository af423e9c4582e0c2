"""A page of a longer list, as windows and clients ask for it."""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """`number` counts from 0; `total`: how many items the whole list has; `size`: of a full page.

    A number beyond the end gives the last page.
    """

    items: tuple[T, ...]
    number: int
    total: int
    size: int

    @property
    def count(self) -> int:
        """How many pages there are: at least one, even when it is empty."""
        return max(1, -(-self.total // self.size))
