"""Doing together what many ask for at the same time: one round trip or one commit for all of them.

Nothing ever waits for company: an item that comes alone is done at once, and those that come while
that is under way are the next batch.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from contextvars import Context
from dataclasses import dataclass
from typing import Generic, TypeVar

import structlog

from okno.kit.errors import TemporarilyUnavailable
from okno.kit.nursery import Nursery

log = structlog.get_logger(__name__)

LONGEST_QUEUE = 10_000
"""Items that may wait: with so many, one more would only wait in vain."""

T = TypeVar("T")
R = TypeVar("R")


@dataclass(slots=True, eq=False)
class _Entry(Generic[T, R]):
    item: T
    key: Hashable
    done: asyncio.Future[R]

    def succeed(self, result: R) -> None:
        if not self.done.done():
            self.done.set_result(result)

    def fail(self, error: Exception) -> None:
        if not self.done.done():
            self.done.set_exception(error)


class Batcher(Generic[T, R]):
    """Gathers items in the order of their arrival, and tells every caller what became of his."""

    def __init__(
        self,
        work: Callable[[Sequence[T]], Awaitable[Sequence[R | Exception]]],
        nursery: Nursery,
        *,
        most: int,
        lanes: int = 1,
        key: Callable[[T], Hashable] | None = None,
    ) -> None:
        """`work` gives one result per item, in their order; an exception is raised at its caller.

        `most`: items of a batch; `lanes`: batches at once. `key`: two items of one key are never
        done at the same time, neither in one batch nor in two.
        """
        self._work = work
        self._nursery = nursery
        self._most = most
        self._idle_lanes = lanes
        self._key = key
        self._waiting: deque[_Entry[T, R]] = deque()
        self._busy: set[Hashable] = set()

    async def do(self, item: T) -> R:
        """Have an item done; a caller who is cancelled leaves it to be done all the same.

        Raises what the work says of this item or raises itself, and `TemporarilyUnavailable` when
        too many wait or the process ends.
        """
        if len(self._waiting) >= LONGEST_QUEUE:
            raise TemporarilyUnavailable
        entry: _Entry[T, R] = _Entry(
            item,
            None if self._key is None else self._key(item),
            asyncio.get_running_loop().create_future(),
        )
        self._waiting.append(entry)
        if self._idle_lanes:
            self._idle_lanes -= 1
            # What a batch logs belongs to no single caller: the task begins with an empty context.
            Context().run(self._nursery.start, self._run_lane(), name="batches")
        return await entry.done

    async def _run_lane(self) -> None:
        try:
            while batch := self._take():
                await self._do_together(batch)
        except asyncio.CancelledError:
            while self._waiting:
                self._waiting.popleft().fail(TemporarilyUnavailable())
            raise
        finally:
            self._idle_lanes += 1

    def _take(self) -> list[_Entry[T, R]]:
        """Take the next batch; whoever has the key of another one stays in his place."""
        batch: list[_Entry[T, R]] = []
        passed: list[_Entry[T, R]] = []
        while self._waiting and len(batch) < self._most:
            entry = self._waiting.popleft()
            if self._key is None:
                batch.append(entry)
            elif entry.key in self._busy:
                passed.append(entry)
            else:
                self._busy.add(entry.key)
                batch.append(entry)
        self._waiting.extendleft(reversed(passed))
        return batch

    async def _do_together(self, batch: Sequence[_Entry[T, R]]) -> None:
        try:
            results = await self._work([entry.item for entry in batch])
            for entry, result in zip(batch, results, strict=True):
                if isinstance(result, Exception):
                    entry.fail(result)
                else:
                    entry.succeed(result)
        except asyncio.CancelledError:
            _fail(batch, TemporarilyUnavailable())
            raise
        except Exception as error:  # noqa: BLE001 - it is raised at every caller
            _fail(batch, error)
        finally:
            self._busy.difference_update(entry.key for entry in batch)


def isolate_failures(
    work: Callable[[Sequence[T]], Awaitable[Sequence[R | Exception]]],
) -> Callable[[Sequence[T]], Awaitable[Sequence[R | Exception]]]:
    """Do items one by one when they fail together, so that a bad one harms itself alone.

    The work has undone all that it did when it fails. In an outage nothing is tried again.
    """

    async def do(items: Sequence[T]) -> Sequence[R | Exception]:
        try:
            return await work(items)
        except TemporarilyUnavailable:
            raise
        except Exception as error:
            if len(items) == 1:
                raise
            log.warning("items fail together: done one by one", items=len(items), error=repr(error))
        return [await alone(item) for item in items]

    async def alone(item: T) -> R | Exception:
        try:
            (result,) = await work((item,))
        except Exception as error:  # noqa: BLE001 - it is this item's result
            return error
        return result

    return do


def _fail(batch: Sequence[_Entry[T, R]], error: Exception) -> None:
    for entry in batch:
        entry.fail(error)
