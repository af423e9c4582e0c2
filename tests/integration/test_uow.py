"""The unit of work on real PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
import structlog
from dishka import AsyncContainer
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from okno.ioc import create_container
from okno.kit.db import Engine
from okno.kit.settings import Settings
from okno.kit.uow import UnitOfWork

INSERT = text(
    "INSERT INTO users (telegram_id, first_name, language, registered_at, last_seen_at) "
    "VALUES (:id, 'x', 'en', now(), now())"
)


@pytest.fixture
async def container(settings: Settings, clean: None) -> AsyncIterator[AsyncContainer]:
    container = create_container(settings)
    yield container
    await container.close()


@pytest.fixture
async def uow(container: AsyncContainer) -> UnitOfWork:
    return await container.get(UnitOfWork)


@pytest.fixture
async def engine(container: AsyncContainer) -> Engine:
    return await container.get(Engine)


async def count(engine: Engine) -> int:
    async with engine.connect() as connection:
        return int(await connection.scalar(text("SELECT count(*) FROM users")) or 0)


async def insert(uow: UnitOfWork, number: int) -> None:
    await uow.session.execute(INSERT, {"id": number})


async def test_an_inner_block_joins_the_transaction(uow: UnitOfWork, engine: Engine) -> None:
    async with uow.begin():
        await insert(uow, 1)
        async with uow.begin():
            await insert(uow, 2)
        assert await count(engine) == 0
    assert await count(engine) == 2


async def test_a_failure_rolls_back_everything(uow: UnitOfWork, engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError):
        async with uow.begin():
            await insert(uow, 1)
            raise ZeroDivisionError
    assert await count(engine) == 0


async def test_a_swallowed_inner_failure_still_rolls_back(uow: UnitOfWork, engine: Engine) -> None:
    async def inner() -> None:
        async with uow.begin():
            raise ZeroDivisionError

    with pytest.raises(RuntimeError, match="inner block failed"):
        async with uow.begin():
            await insert(uow, 1)
            with pytest.raises(ZeroDivisionError):
                await inner()
    assert await count(engine) == 0


async def test_hooks_run_after_the_commit_and_see_it(uow: UnitOfWork, engine: Engine) -> None:
    seen: list[int] = []

    async def look() -> None:
        seen.append(await count(engine))

    async with uow.begin():
        await insert(uow, 1)
        uow.after_commit(look)
        assert seen == []
    assert seen == [1]


async def test_hooks_of_a_failure_never_run(uow: UnitOfWork) -> None:
    seen: list[str] = []

    async def look() -> None:
        seen.append("ran")

    with pytest.raises(ZeroDivisionError):
        async with uow.begin():
            uow.after_commit(look)
            raise ZeroDivisionError
    async with uow.begin():
        pass
    assert seen == []


async def test_a_failing_hook_is_logged_and_the_next_one_runs(uow: UnitOfWork) -> None:
    seen: list[str] = []

    async def fail() -> None:
        raise ZeroDivisionError

    async def look() -> None:
        seen.append("ran")

    with structlog.testing.capture_logs() as logs:
        async with uow.begin():
            uow.after_commit(fail)
            uow.after_commit(look)

    assert seen == ["ran"]
    assert [entry["event"] for entry in logs] == ["after-commit hook failed"]


async def test_a_task_within_has_a_transaction_of_its_own(uow: UnitOfWork, engine: Engine) -> None:
    async def insert_and_fail() -> None:
        with pytest.raises(RuntimeError, match="no transaction is open"):
            _ = uow.session
        async with uow.begin():
            await insert(uow, 2)
            raise ZeroDivisionError

    async with uow.begin():
        await insert(uow, 1)
        (outcome,) = await asyncio.gather(insert_and_fail(), return_exceptions=True)

    assert isinstance(outcome, ZeroDivisionError)
    assert await count(engine) == 1


async def test_tasks_at_once_do_not_see_each_other(uow: UnitOfWork, engine: Engine) -> None:
    async def attempt(number: int) -> None:
        async with uow.begin():
            await insert(uow, number)
            await asyncio.sleep(0)
            if number % 2:
                raise ZeroDivisionError

    await asyncio.gather(*map(attempt, range(1, 9)), return_exceptions=True)

    assert await count(engine) == 4


async def test_sql_and_sqlalchemy_share_the_transaction(uow: UnitOfWork, engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError):
        async with uow.begin():
            await insert(uow, 1)
            (row,) = await uow.fetch("SELECT count(*) FROM users WHERE telegram_id = $1", 1)
            assert row["count"] == 1
            await uow.fetch("DELETE FROM users WHERE telegram_id = ANY ($1::bigint[])", [1])
            assert await uow.session.scalar(text("SELECT count(*) FROM users")) == 0
            raise ZeroDivisionError
    assert await count(engine) == 0


async def test_a_refused_statement_leaves_a_connection_that_can_be_used(
    uow: UnitOfWork, engine: Engine
) -> None:
    for _attempt in range(20):  # more than there are connections
        with pytest.raises(asyncpg.PostgresError):
            async with uow.begin():
                await uow.fetch("SELECT 1 / 0")
    async with uow.begin():
        await insert(uow, 1)
    assert await count(engine) == 1


async def test_a_cancelled_statement_costs_its_connection_and_no_other(
    uow: UnitOfWork, engine: Engine
) -> None:
    for _attempt in range(20):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01), uow.begin():
                await insert(uow, 1)
                await uow.fetch("SELECT pg_sleep(5)")
    async with uow.begin():
        await insert(uow, 2)
    assert await count(engine) == 1


async def test_outside_a_transaction_there_is_no_session(uow: UnitOfWork) -> None:
    with pytest.raises(RuntimeError, match="no transaction is open"):
        _ = uow.session
    with pytest.raises(RuntimeError, match="no transaction is open"):
        await uow.fetch("SELECT 1")


async def test_an_error_does_not_tell_what_was_to_be_stored(uow: UnitOfWork) -> None:
    with pytest.raises(DBAPIError) as refused:
        async with uow.begin():
            await uow.session.execute(
                text("INSERT INTO users (first_name) VALUES (:name)"), {"name": "Somebody Real"}
            )
    assert "Somebody Real" not in str(refused.value).partition("DETAIL")[0]


async def settings_of_planner(uow: UnitOfWork) -> list[str]:
    names = ("plan_cache_mode", "enable_seqscan")
    return [await uow.session.scalar(text(f"SHOW {name}")) or "" for name in names]


async def test_plans_are_kept_where_a_transaction_asks_for_it_and_nowhere_else(
    uow: UnitOfWork,
) -> None:
    async with uow.begin():
        ordinary = await settings_of_planner(uow)
    async with uow.begin(keep_plans=True):
        keeping = await settings_of_planner(uow)
    async with uow.begin(), uow.begin(keep_plans=True):
        joined = await settings_of_planner(uow)

    assert keeping == ["force_generic_plan", "off"]
    assert ordinary == joined == ["auto", "on"]
