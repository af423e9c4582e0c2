"""Work of many callers is done together: one round trip or one commit serves all of them.

No item waits for others to come: one that comes alone is done at once, and those that come
meanwhile are the next batch.
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

MAX_WAITING_ITEMS = 10_000
"""With so many items waiting, one more would time out before its turn."""

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
    """Gathers items in the order of their arrival, and gives every caller the result of its own."""

    def __init__(
        self,
        work: Callable[[Sequence[T]], Awaitable[Sequence[R | Exception]]],
        nursery: Nursery,
        *,
        most: int,
        lanes: int = 1,
        key: Callable[[T], Hashable] | None = None,
    ) -> None:
        """Make a batcher of `work`, which returns one result per item, in their order.

        A result that is an exception is raised at the caller of its item. `most`: the largest
        batch. `lanes`: the number of batches at once. `key`: two items of one key are never done at
        the same time, neither in one batch nor in two.
        """
        self._work = work
        self._nursery = nursery
        self._most = most
        self._idle_lanes = lanes
        self._key = key
        self._waiting: deque[_Entry[T, R]] = deque()
        self._busy: set[Hashable] = set()

    async def do(self, item: T) -> R:
        """Return the result of an item; the item is done even when its caller is cancelled.

        Raises the exception that is its result or that the work raises, and
        `TemporarilyUnavailable` when too many items wait or the process ends.
        """
        if len(self._waiting) >= MAX_WAITING_ITEMS:
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
        """Take the next batch; an item whose key is in work keeps its place."""
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
    """Return work that repeats a failed batch item by item, so that a bad item fails alone.

    Work that fails must have undone what it did. In an outage nothing is tried again.
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
