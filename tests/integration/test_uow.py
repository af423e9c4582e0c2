"""The unit of work on real PostgreSQL."""

from collections.abc import AsyncIterator

import pytest
import structlog
from dishka import AsyncContainer
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from okno.ioc import create_container
from okno.kit.db import Engine
from okno.kit.uow import UnitOfWork
from okno.settings import Settings

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
async def uow(container: AsyncContainer) -> AsyncIterator[UnitOfWork]:
    async with container() as scope:
        yield await scope.get(UnitOfWork)


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


async def test_outside_a_transaction_there_is_no_session(uow: UnitOfWork) -> None:
    with pytest.raises(RuntimeError, match="no transaction is open"):
        _ = uow.session


async def test_an_error_does_not_tell_what_was_to_be_stored(uow: UnitOfWork) -> None:
    with pytest.raises(DBAPIError) as refused:
        async with uow.begin():
            await uow.session.execute(
                text("INSERT INTO users (first_name) VALUES (:name)"), {"name": "Somebody Real"}
            )
    assert "Somebody Real" not in str(refused.value).partition("DETAIL")[0]
