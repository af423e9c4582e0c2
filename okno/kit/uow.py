"""The unit of work: one use case, one transaction, committed before anyone is told.

A transaction belongs to the task that opened it: a block within a block joins it, and a task that
is started within has none. When an inner block fails, the whole is rolled back even if the caller
swallowed the error, so that nothing is ever half-done.

Stores write SQLAlchemy through `session`; where the cost of a statement counts they write SQL and
`fetch` it from the driver. Both belong to the same transaction, which is begun and committed here:
SQLAlchemy is told to leave that alone.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from okno.kit.db import SessionFactory, is_outage
from okno.kit.errors import TemporarilyUnavailable

log = structlog.get_logger(__name__)

_BEGIN_KEEPING_PLANS = (
    "BEGIN; SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_seqscan = off"
)
"""Begins a transaction in one round trip, with two settings for its end to undo.

PostgreSQL would plan a statement that takes arrays anew at every execution, which costs more than
to execute it: each plan for given arrays looks cheaper than one for any arrays. And a plan that is
kept must not read tables to their end because they were empty when it was made.
"""

NO_ORM = {"synchronize_session": False}
"""Execution options of an UPDATE or DELETE: no rows of the ORM are kept that had to follow it."""

AfterCommit = Callable[[], Awaitable[None] | None]


@dataclass(slots=True, eq=False)
class _Transaction:
    """A transaction that is open; `is_doomed`: an inner block failed, so it can't be committed."""

    session: AsyncSession
    driver: Any
    is_doomed: bool = False
    hooks: list[AfterCommit] = field(default_factory=list)


class UnitOfWork:
    """Opens transactions for services; a process has one unit of work, a task one transaction."""

    def __init__(self, new_session: SessionFactory) -> None:
        self._new_session = new_session
        self._open: dict[asyncio.Task[Any] | None, _Transaction] = {}

    @property
    def session(self) -> AsyncSession:
        """The session of the open transaction: stores ask for it at every query."""
        return self._require().session

    async def fetch(self, query: str, *values: Any) -> list[Any]:  # noqa: ANN401 - SQL's
        """Run a statement with `$1`, `$2`… in the open transaction; return asyncpg's records.

        The connection keeps it prepared. It costs a fifth of one that SQLAlchemy writes.
        """
        records: list[Any] = await self._require().driver.fetch(query, *values)
        return records

    def after_commit(self, hook: AfterCommit) -> None:
        """Call `hook` after the commit, and await what it returns; after a rollback it is dropped.

        This is how an outcome is logged and counted: `after_commit(partial(log.info, "paid", …))`.
        A failure of the hook is logged and undoes nothing.
        """
        self._require().hooks.append(hook)

    @asynccontextmanager
    async def begin(self, *, keep_plans: bool = False) -> AsyncIterator[None]:
        """Open a transaction, or join the one that this task has open.

        `keep_plans`: statements are planned once per connection, by their indexes, and not for the
        values at hand. It saves time with statements that take arrays, which `fetch` runs. It
        counts where the transaction is opened, not where it is joined.

        Raises `TemporarilyUnavailable` when PostgreSQL is out of reach.
        """
        task = asyncio.current_task()
        if (transaction := self._open.get(task)) is not None:
            try:
                yield
            except BaseException:
                transaction.is_doomed = True
                raise
            return
        try:
            async with self._new_session() as session:
                begin = _BEGIN_KEEPING_PLANS if keep_plans else "BEGIN"
                connection, driver = await _begin(session, begin)
                transaction = self._open[task] = _Transaction(session, driver)
                try:
                    yield
                    await self._commit(transaction)
                except BaseException as error:
                    await _roll_back(connection, driver, error)
                    raise
                finally:
                    del self._open[task]
        except Exception as error:
            if is_outage(error):
                log.warning("database is out of reach", error=repr(error))
                raise TemporarilyUnavailable from error
            raise
        await _run(transaction.hooks)

    def _require(self) -> _Transaction:
        if (transaction := self._open.get(asyncio.current_task())) is None:
            raise RuntimeError(
                "no transaction is open: services open one by `async with uow.begin()`"
            )
        return transaction

    async def _commit(self, transaction: _Transaction) -> None:
        if transaction.is_doomed:
            raise RuntimeError("an inner block failed: the transaction is rolled back")
        await transaction.session.flush()
        await transaction.driver.execute("COMMIT")


async def _begin(session: AsyncSession, begin: str) -> tuple[AsyncConnection, Any]:
    """Take a connection and begin; one that died while it was idle is replaced by the next.

    Nothing was done yet, so that further attempts can do no harm.
    """
    attempts = 1 + session.get_bind().pool.size()  # type: ignore[union-attr] # of an engine
    while True:
        connection = await session.connection()
        driver: Any = (await connection.get_raw_connection()).driver_connection
        try:
            await driver.execute(begin)
        except BaseException as error:
            await connection.invalidate()
            attempts -= 1
            if attempts == 0 or not is_outage(error):
                raise
            await session.rollback()
        else:
            return connection, driver


async def _roll_back(connection: AsyncConnection, driver: Any, error: BaseException) -> None:  # noqa: ANN401
    """Undo it; a connection that may still be at work, or is gone, is never used again."""
    if isinstance(error, Exception) and not is_outage(error):
        try:
            await driver.execute("ROLLBACK")
        except Exception as failure:  # noqa: BLE001 - the first error is the one to be told
            log.warning("transaction not rolled back", error=repr(failure))
        else:
            return
    await connection.invalidate()


async def _run(hooks: list[AfterCommit]) -> None:
    for hook in hooks:
        try:
            if (waiting := hook()) is not None:
                await waiting
        except Exception:
            log.exception("after-commit hook failed", hook=repr(hook))
