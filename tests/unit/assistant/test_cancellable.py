"""Work that is broken off: by whom, when, and what becomes of its errors."""

import asyncio

import pytest

from okno.assistant.service.cancellable import CancellableWork
from tests.support.wait import TIMEOUT


async def test_work_that_comes_to_its_end_is_over() -> None:
    done: list[str] = []
    work = CancellableWork()

    async def do() -> None:
        await asyncio.sleep(0)
        done.append("done")

    await work.do(do)

    assert (work.is_over, done) == (True, ["done"])


async def test_who_breaks_it_off_ends_it_at_once_and_it_cleans_up() -> None:
    ended: list[str] = []
    work = CancellableWork()

    async def do() -> None:
        try:
            asyncio.get_running_loop().call_soon(work.cancel)
            await asyncio.Event().wait()
        finally:
            ended.append("cleaned up")

    async with asyncio.timeout(TIMEOUT):
        await work.do(do)

    assert ended == ["cleaned up"]
    assert work.is_over


async def test_what_was_broken_off_before_is_not_begun() -> None:
    work = CancellableWork()
    work.cancel()

    async def do() -> None:
        pytest.fail("it was broken off")

    await work.do(do)


async def test_a_cancellation_of_the_task_is_none_of_the_work() -> None:
    work = CancellableWork()
    task = asyncio.get_running_loop().create_task(work.do(asyncio.Event().wait))  # type: ignore[arg-type]
    await asyncio.sleep(0)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert work.is_over


async def test_an_error_is_raised_even_a_timeout_of_its_own() -> None:
    async def fail() -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        await CancellableWork().do(fail)


async def test_breaking_off_twice_or_afterwards_harms_nobody() -> None:
    work = CancellableWork()

    async def do() -> None:
        work.cancel()
        work.cancel()
        await asyncio.Event().wait()

    async with asyncio.timeout(TIMEOUT):
        await work.do(do)
    work.cancel()
    await asyncio.sleep(0)
