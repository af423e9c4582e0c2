"""Records in which order transactions lock rows, and finds those that break the order.

Two transactions that lock the rows of two tables in opposite orders can wait for each other. Only
the first lock of a table within a transaction counts: its later ones may be of rows that are held.
Tables of one statement are not compared, for PostgreSQL chooses the order.
Whoever has locked a user `FOR UPDATE` is alone with that user, since all others pin the user first:
what such a transaction locks next is not compared.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from functools import cache
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from okno.kit.uow import UnitOfWork

_ALONE = re.compile(r"\bFROM users\b.*\bFOR UPDATE$")
_LOCK = re.compile(
    r"\bUPDATE (?P<update>\w+)(?: AS \w+)? SET\b"
    r"|\bDELETE FROM (?P<delete>\w+)"
    r"|\bINSERT INTO (?P<insert>\w+)(?=[^;]* ON CONFLICT [^;]*DO UPDATE)"
    r"|(?<!DISTINCT )\bFROM (?P<table>\w+)|(?P<open>\()|(?P<close>\))"
    r"|\bFOR (?:NO KEY )?(?:UPDATE|KEY SHARE|SHARE)(?: OF (?P<of>\w+))?"
)


@cache
def locked_tables(statement: str) -> tuple[str, ...]:
    """Return the tables whose rows a statement locks, in the order of its text."""
    tables: list[str] = []
    sources = [""]  # of the select at hand and of those around it
    for found in _LOCK.finditer(_in_one_line(statement)):
        if found["open"]:
            sources.append("")
        elif found["close"]:
            sources.pop()
        elif found["table"]:
            sources[-1] = found["table"]
        else:
            written = found["update"] or found["delete"] or found["insert"]
            tables.append(written or found["of"] or sources[-1])
    return tuple(dict.fromkeys(tables))


def _in_one_line(statement: str) -> str:
    return " ".join(statement.split())


class LockRecorder:
    """Keeps the first locks of every open transaction, and what broke the order."""

    def __init__(self, order: Sequence[str]) -> None:
        self.violations: list[str] = []
        self._ranks = {table: rank for rank, table in enumerate(order)}
        self._open: dict[asyncio.Task[Any] | None, list[str]] = {}

    def note(self, statement: str) -> None:
        """Compare what a statement locks with what its transaction has locked before."""
        task = asyncio.current_task()
        locked = self._open.get(task)
        if locked is None:
            return
        new = [table for table in locked_tables(statement) if table not in locked]
        for table in new:
            if table not in self._ranks:
                self.violations.append(f"{table} is not in the order: {statement}")
                continue
            later = [one for one in locked if self._ranks.get(one, 0) > self._ranks[table]]
            if later:
                self.violations.append(f"{table} after {', '.join(later)}: {statement}")
        locked.extend(new)
        if _ALONE.search(_in_one_line(statement)):
            del self._open[task]

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """Record until the outermost block of this task ends."""
        task = asyncio.current_task()
        if task in self._open:
            yield
            return
        self._open[task] = []
        try:
            yield
        finally:
            self._open.pop(task, None)


@contextmanager
def recorded_locks(order: Sequence[str]) -> Iterator[LockRecorder]:
    """Record the locks of all transactions that units of work open meanwhile."""
    recorder = LockRecorder(order)
    begin, fetch = UnitOfWork.begin, UnitOfWork.fetch

    @asynccontextmanager
    async def recorded_begin(uow: UnitOfWork, **options: Any) -> AsyncIterator[None]:
        async with recorder.transaction(), begin(uow, **options):
            yield

    async def recorded_fetch(uow: UnitOfWork, query: str, *values: Any) -> list[Any]:
        recorder.note(query)
        return await fetch(uow, query, *values)

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        recorder.note(statement)

    with pytest.MonkeyPatch.context() as patch, _listening(note):
        patch.setattr(UnitOfWork, "begin", recorded_begin)
        patch.setattr(UnitOfWork, "fetch", recorded_fetch)
        yield recorder


@contextmanager
def _listening(note: Callable[..., None]) -> Iterator[None]:
    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", note)
