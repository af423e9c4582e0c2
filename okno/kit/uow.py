"""The unit of work: one use case, one transaction, committed before anyone is told.

It can be entered again inside itself: the inner block joins the outer transaction. When an inner
block fails, the whole is rolled back even if the caller swallowed the error, so that nothing is
ever half-done.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from okno.kit.db import Sessions, is_outage
from okno.kit.errors import TemporarilyUnavailable

log = structlog.get_logger(__name__)

AfterCommit = Callable[[], Awaitable[None]]

_CONNECT_ATTEMPTS = 2


class UnitOfWork:
    """Opens transactions for services; belongs to one update or request, never to two tasks."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._session: AsyncSession | None = None
        self._doomed = False
        self._hooks: list[AfterCommit] = []

    @property
    def session(self) -> AsyncSession:
        """The session of the open transaction: stores ask for it at every query."""
        if self._session is None:
            raise RuntimeError(
                "no transaction is open: services open one by `async with uow.begin()`"
            )
        return self._session

    def after_commit(self, hook: AfterCommit) -> None:
        """Run `hook` once the data is safe; its failure is logged and undoes nothing."""
        self._hooks.append(hook)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[None]:
        """Open a transaction, or join the open one.

        Raises `TemporarilyUnavailable` when PostgreSQL is out of reach.
        """
        if self._session is not None:
            async with self._joined():
                yield
            return
        try:
            async with self._outermost():
                yield
        except Exception as error:
            if is_outage(error):
                log.warning("database is out of reach", error=repr(error))
                raise TemporarilyUnavailable from error
            raise
        await self._run_hooks()

    @asynccontextmanager
    async def _joined(self) -> AsyncIterator[None]:
        try:
            yield
        except BaseException:
            self._doomed = True
            raise

    @asynccontextmanager
    async def _outermost(self) -> AsyncIterator[None]:
        self._hooks, self._doomed = [], False
        async with self._sessions() as session:
            await _connect(session)
            self._session = session
            try:
                yield
                if self._doomed:
                    raise RuntimeError("an inner block failed: the transaction is rolled back")
                await session.commit()
            finally:
                self._session = None

    async def _run_hooks(self) -> None:
        hooks, self._hooks = self._hooks, []
        for hook in hooks:
            try:
                await hook()
            except Exception:
                log.exception("after-commit hook failed", hook=repr(hook))


async def _connect(session: AsyncSession) -> None:
    """Take a connection; nothing was sent yet, so a second attempt can do no harm."""
    for attempt in range(1, _CONNECT_ATTEMPTS + 1):
        try:
            await session.connection()
        except Exception as error:
            if attempt == _CONNECT_ATTEMPTS or not is_outage(error):
                raise
            await session.rollback()
        else:
            return
