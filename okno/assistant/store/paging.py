"""Reading one page of a longer list."""

from typing import Any

from sqlalchemy import Row, Select, func, select

from okno.kit.page import Page
from okno.kit.uow import UnitOfWork

AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]


async def read_page(uow: UnitOfWork, rows: AnySelect, *, number: int, size: int) -> Page[AnyRow]:
    """Count the rows, then read those of the page; a number beyond either end gives the nearest."""
    counted = select(func.count()).select_from(rows.order_by(None).subquery())
    total = (await uow.session.execute(counted)).scalar_one()
    number = min(max(number, 0), max(0, (total - 1) // size))
    found = await uow.session.execute(rows.limit(size).offset(number * size))
    return Page(tuple(found), number, total, size)
