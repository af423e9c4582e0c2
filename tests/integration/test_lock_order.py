"""The recorder of row locks finds transactions that break the order."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from okno.capabilities import LOCK_ORDER
from okno.ioc import create_container
from okno.kit.settings import Settings
from okno.kit.uow import UnitOfWork
from okno.models import Base
from tests.support.lock_order import LockRecorder, locked_tables, recorded_locks


@pytest.mark.parametrize(
    ("statement", "tables"),
    [
        ("SELECT id FROM users WHERE id = 1 FOR KEY SHARE", ("users",)),
        ("SELECT id FROM users WHERE id = 1", ()),
        ("SELECT u.id\nFROM users u\nORDER BY id FOR NO KEY UPDATE", ("users",)),
        ("SELECT 1 FROM a JOIN b ON true FOR UPDATE OF b SKIP LOCKED", ("b",)),
        ("SELECT 1 FROM a WHERE b IN (SELECT 1 FROM c) ORDER BY b FOR NO KEY UPDATE", ("a",)),
        ("UPDATE balances SET held = 0", ("balances",)),
        ("WITH x AS (SELECT 1 FROM a FOR UPDATE) DELETE FROM b USING x", ("a", "b")),
        ("INSERT INTO a (id) VALUES (1)", ()),
        ("INSERT INTO a (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET id = 1", ("a",)),
        ("INSERT INTO a (id) VALUES (1) ON CONFLICT DO NOTHING", ()),
    ],
)
def test_what_a_statement_locks_is_read_from_its_text(
    statement: str, tables: tuple[str, ...]
) -> None:
    assert locked_tables(statement) == tables


@pytest.fixture
async def uow(settings: Settings, clean: None) -> AsyncIterator[UnitOfWork]:
    container = create_container(settings)
    yield await container.get(UnitOfWork)
    await container.close()


async def lock(uow: UnitOfWork, *tables: str) -> None:
    """Lock the rows of tables in one transaction, by SQLAlchemy and by the driver in turn."""
    async with uow.begin():
        for number, table in enumerate(tables):
            statement = f"SELECT 1 FROM {table} FOR NO KEY UPDATE"  # noqa: S608 - our own
            if number % 2:
                await uow.fetch(statement)
            else:
                await uow.session.execute(text(statement))


async def test_another_order_is_found(uow: UnitOfWork, lock_recorder: LockRecorder) -> None:
    await lock(uow, "users", "balances", "messages")
    await lock(uow, "messages")
    await lock(uow, "users", "messages", "users")
    assert lock_recorder.violations == []

    await lock(uow, "users", "messages", "balances")

    [found] = lock_recorder.violations
    assert found.startswith("balances after messages: ")
    lock_recorder.violations.clear()


async def test_a_table_that_nobody_has_ordered_is_found(uow: UnitOfWork) -> None:
    with recorded_locks(("users",)) as recorder:
        await lock(uow, "users", "balances")
    assert [one.partition(":")[0] for one in recorder.violations] == [
        "balances is not in the order"
    ]


def test_the_order_names_tables_once() -> None:
    assert len(set(LOCK_ORDER)) == len(LOCK_ORDER)
    assert set(LOCK_ORDER) <= set(Base.metadata.tables)
