"""Pages of longer lists: `Page`, and `read_page`, by which stores read one."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Row, Select, func, select

from okno.kit.uow import UnitOfWork

T = TypeVar("T")
R = TypeVar("R")

AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A page of a list. `number` counts from 0; `total` is the length of the whole list.

    `size` is the number of items on a full page.
    """

    items: tuple[T, ...]
    number: int
    total: int
    size: int

    @property
    def count(self) -> int:
        """The number of pages: at least one, even when it is empty."""
        return max(1, -(-self.total // self.size))

    def map(self, change: Callable[[T], R]) -> "Page[R]":
        """Return the same page with every item changed."""
        return Page(tuple(map(change, self.items)), self.number, self.total, self.size)


async def read_page(uow: UnitOfWork, rows: AnySelect, *, number: int, size: int) -> Page[AnyRow]:
    """Count the rows and read those of one page.

    A number beyond the end of the list gives the last page, a negative one gives the first.
    """
    counted = select(func.count()).select_from(rows.order_by(None).subquery())
    total = (await uow.session.execute(counted)).scalar_one()
    last = max(0, (total - 1) // size)
    number = min(max(number, 0), last)
    found = await uow.session.execute(rows.limit(size).offset(number * size))
    return Page(tuple(found), number, total, size)


async def all_items(
    read: Callable[[int, int], Awaitable[Page[T]]], size: int = 100
) -> AsyncIterator[T]:
    """Yield the items of all pages; `read` gets the number and the size of a page."""
    number, count = 0, 1
    while number < count:
        page = await read(number, size)
        for item in page.items:
            yield item
        number, count = number + 1, page.count
