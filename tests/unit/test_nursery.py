"""The nursery owns detached work."""

import asyncio

import structlog

from okno.kit.nursery import Nursery


async def test_closing_waits_for_what_runs() -> None:
    nursery = Nursery()
    done: list[str] = []
    go = asyncio.Event()

    async def work() -> None:
        await go.wait()
        done.append("work")

    nursery.start(work(), name="work")
    go.set()
    await nursery.close()

    assert done == ["work"]
    assert len(nursery) == 0


async def test_what_outlasts_the_grace_is_cancelled_and_named() -> None:
    nursery = Nursery(grace=0.01)
    ended: list[str] = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cancelled")

    nursery.start(work(), name="endless")
    with structlog.testing.capture_logs() as logs:
        await nursery.close()

    assert ended == ["cancelled"]
    assert [entry["task"] for entry in logs] == ["endless"]


async def test_a_failure_is_logged_and_harms_no_other_task() -> None:
    nursery = Nursery()
    done: list[str] = []

    async def fail() -> None:
        raise ZeroDivisionError

    async def work() -> None:
        await asyncio.sleep(0)
        done.append("work")

    with structlog.testing.capture_logs() as logs:
        nursery.start(fail(), name="failing")
        nursery.start(work(), name="working")
        await nursery.close()

    assert done == ["work"]
    (entry,) = logs
    assert (entry["event"], entry["task"]) == ("task failed", "failing")
    assert isinstance(entry["exc_info"], ZeroDivisionError)
