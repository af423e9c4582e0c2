"""Items of many callers are done together, and nobody pays for another's failure."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from typing import Any

import pytest

from okno.kit import batch
from okno.kit.batch import Batcher, isolate_failures
from okno.kit.errors import TemporarilyUnavailable
from okno.kit.nursery import Nursery
from tests.support.wait import until


def _start(caller: Coroutine[Any, Any, int]) -> asyncio.Task[int]:
    return asyncio.get_running_loop().create_task(caller)


class Worker:
    """Doubles numbers while its gate is open, and remembers the batches."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.at_once = 0
        self.most_at_once = 0

    async def __call__(self, items: Sequence[int]) -> list[int | Exception]:
        self.batches.append(list(items))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await self.gate.wait()
        self.at_once -= 1
        return [ZeroDivisionError() if item == 0 else item * 2 for item in items]


@pytest.fixture
async def nursery() -> AsyncIterator[Nursery]:
    opened = Nursery(grace=0.01)
    yield opened
    await opened.close()


async def test_who_comes_alone_is_served_at_once(nursery: Nursery) -> None:
    worker = Worker()
    batcher = Batcher(worker, nursery, most=10)

    assert await batcher.do(3) == 6
    assert await batcher.do(4) == 8
    assert worker.batches == [[3], [4]]


async def test_what_comes_meanwhile_is_done_together_in_the_order_of_arrival(
    nursery: Nursery,
) -> None:
    worker = Worker()
    batcher = Batcher(worker, nursery, most=3)
    worker.gate.clear()
    first = _start(batcher.do(1))
    await until(lambda: worker.batches == [[1]])
    others = [_start(batcher.do(number)) for number in (5, 4, 3, 2)]
    await asyncio.sleep(0)
    worker.gate.set()

    assert await asyncio.gather(first, *others) == [2, 10, 8, 6, 4]
    assert worker.batches == [[1], [5, 4, 3], [2]]


async def test_an_item_that_fails_fails_alone(nursery: Nursery) -> None:
    batcher = Batcher(Worker(), nursery, most=10)

    results = await asyncio.gather(*map(batcher.do, (1, 0, 2)), return_exceptions=True)

    assert results[::2] == [2, 4]
    assert isinstance(results[1], ZeroDivisionError)


async def test_a_batch_that_fails_is_told_to_all_of_it_and_harms_no_other(nursery: Nursery) -> None:
    failures = [ConnectionError("gone")]

    async def work(items: Sequence[int]) -> Sequence[int]:
        if failures:
            raise failures.pop()
        return items

    batcher = Batcher(work, nursery, most=2)
    results = await asyncio.gather(*map(batcher.do, (1, 2, 3)), return_exceptions=True)

    assert [isinstance(result, ConnectionError) for result in results] == [True, True, False]
    assert results[2] == 3


async def test_a_result_too_few_is_a_failure_not_a_wait(nursery: Nursery) -> None:
    async def work(items: Sequence[int]) -> Sequence[int]:
        return items[1:]

    batcher = Batcher(work, nursery, most=2)

    with pytest.raises(ValueError, match="zip"):
        await batcher.do(1)


async def test_a_caller_who_is_cancelled_leaves_the_item_to_be_done(nursery: Nursery) -> None:
    worker = Worker()
    batcher = Batcher(worker, nursery, most=10)
    worker.gate.clear()
    first = _start(batcher.do(1))
    await until(lambda: worker.batches == [[1]])
    second, third = (_start(batcher.do(number)) for number in (2, 3))
    await asyncio.sleep(0)
    first.cancel()
    second.cancel()
    worker.gate.set()

    assert await third == 6
    assert worker.batches == [[1], [2, 3]]


async def test_two_of_one_key_are_never_done_at_the_same_time(nursery: Nursery) -> None:
    worker = Worker()
    batcher = Batcher(worker, nursery, most=10, lanes=2, key=lambda item: item // 10)
    worker.gate.clear()
    first = _start(batcher.do(1))
    await until(lambda: worker.batches == [[1]])
    others = [_start(batcher.do(number)) for number in (2, 11, 12, 3)]
    await until(lambda: len(worker.batches) == 2)
    assert worker.batches == [[1], [11]]
    worker.gate.set()

    assert await asyncio.gather(first, *others) == [2, 4, 22, 24, 6]
    done = [item for items in worker.batches for item in items]
    assert [item for item in done if item < 10] == [1, 2, 3]
    assert [item for item in done if item > 10] == [11, 12]
    assert all(len({item // 10 for item in items}) == len(items) for items in worker.batches)


async def test_there_are_no_more_batches_at_once_than_lanes(nursery: Nursery) -> None:
    worker = Worker()
    batcher = Batcher(worker, nursery, most=1, lanes=2)
    worker.gate.clear()
    callers = [_start(batcher.do(number)) for number in range(1, 6)]
    await until(lambda: worker.at_once == 2)
    worker.gate.set()
    await asyncio.gather(*callers)

    assert worker.most_at_once == 2


async def test_what_fails_together_is_done_one_by_one(nursery: Nursery) -> None:
    tried: list[tuple[int, ...]] = []

    async def work(items: Sequence[int]) -> Sequence[int]:
        tried.append(tuple(items))
        if 0 in items:
            raise ZeroDivisionError
        return items

    batcher = Batcher(isolate_failures(work), nursery, most=3)
    results = await asyncio.gather(*map(batcher.do, (1, 0, 2)), return_exceptions=True)

    assert results[::2] == [1, 2]
    assert isinstance(results[1], ZeroDivisionError)
    assert tried == [(1, 0, 2), (1,), (0,), (2,)]


async def test_in_an_outage_nothing_is_tried_one_by_one(nursery: Nursery) -> None:
    tried: list[Sequence[int]] = []

    async def work(items: Sequence[int]) -> Sequence[int]:
        tried.append(items)
        raise TemporarilyUnavailable

    batcher = Batcher(isolate_failures(work), nursery, most=3)
    results = await asyncio.gather(*map(batcher.do, (1, 2, 3)), return_exceptions=True)

    assert [type(result) for result in results] == [TemporarilyUnavailable] * 3
    assert len(tried) == 1


async def test_a_full_queue_refuses(nursery: Nursery, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "MAX_WAITING_ITEMS", 1)
    worker = Worker()
    batcher = Batcher(worker, nursery, most=10)
    worker.gate.clear()
    first = _start(batcher.do(1))
    await until(lambda: worker.batches == [[1]])
    second = _start(batcher.do(2))
    await asyncio.sleep(0)

    with pytest.raises(TemporarilyUnavailable):
        await batcher.do(3)

    worker.gate.set()
    assert [await first, await second] == [2, 4]


async def test_the_end_of_the_process_leaves_nobody_waiting(nursery: Nursery) -> None:
    worker = Worker()
    batcher = Batcher(worker, nursery, most=1)
    worker.gate.clear()
    callers = [_start(batcher.do(number)) for number in (1, 2)]
    await until(lambda: worker.batches == [[1]])
    await nursery.close()

    results = await asyncio.gather(*callers, return_exceptions=True)
    assert [type(result) for result in results] == [TemporarilyUnavailable] * 2
