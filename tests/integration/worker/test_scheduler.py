"""Jobs come when they are due: once, again after a failure, and after an outage."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from dishka import AsyncContainer

from okno.kit.jobs import Done, Job
from okno.kit.settings import PostgresSettings, Settings
from tests.integration.worker.conftest import ALWAYS, NEVER, Schedules
from tests.support.wait import until
from worker.scheduler import Scheduler


async def nothing(_container: AsyncContainer) -> Done:
    return {}


RARE, FREQUENT = Job("rare", NEVER, nothing), Job("frequent", ALWAYS, nothing)


class Runs:
    """Stands where the job runner does and counts."""

    def __init__(self, meanwhile: Callable[[], Awaitable[None]] | None = None) -> None:
        self.begun: list[str] = []
        self.ended: list[str] = []
        self._meanwhile = meanwhile

    async def run(self, job: Job) -> None:
        self.begun.append(job.name)
        if self._meanwhile is not None:
            await self._meanwhile()
        self.ended.append(job.name)


@asynccontextmanager
async def working(settings: Settings, runs: Runs, *jobs: Job) -> AsyncIterator[Scheduler]:
    """A scheduler at work; leaving the block stops it and waits for its end."""
    scheduler = Scheduler(settings[PostgresSettings], jobs, runs.run)
    async with asyncio.TaskGroup() as group:
        group.create_task(scheduler.run())
        yield scheduler
        scheduler.stop()


async def test_what_was_due_while_no_worker_ran_is_brought_by_one_of_many(
    settings: Settings, schedules: Schedules
) -> None:
    own = [Job(f"own {number}", NEVER, nothing) for number in range(5)]
    for job in (RARE, *own):
        await schedules.make_due(job.name)
    runs = Runs()

    async with AsyncExitStack() as stack:
        for job in own:
            await stack.enter_async_context(working(settings, runs, RARE, job))
        await until(lambda: len(runs.ended) == 6, "every worker to have looked")

    assert sorted(runs.begun) == sorted(["rare", *(job.name for job in own)])
    row = await schedules.row("rare")
    assert row["status"] == "queued"
    assert row["next_run"] > row["last_run"]


@pytest.mark.slow
async def test_many_workers_never_do_a_job_twice_at_once(
    settings: Settings, schedules: Schedules
) -> None:
    at_once, most = 0, 0

    async def take_a_while() -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.3)
        at_once -= 1

    runs = Runs(take_a_while)
    async with AsyncExitStack() as stack:
        for _worker in range(5):
            await stack.enter_async_context(working(settings, runs, FREQUENT))
        await until(lambda: len(runs.ended) >= 2, "two runs")

    assert most == 1


async def test_the_job_of_a_killed_worker_is_done_by_the_next(
    settings: Settings, schedules: Schedules
) -> None:
    await schedules.leave_behind("rare")
    runs = Runs()

    async with working(settings, runs, RARE):
        await until(lambda: bool(runs.ended), "the job")

    assert runs.ended == ["rare"]


async def test_the_end_waits_for_the_job_in_hand(settings: Settings, schedules: Schedules) -> None:
    await schedules.make_due("rare")
    finish = asyncio.Event()

    async def wait() -> None:
        await finish.wait()

    runs = Runs(wait)
    async with working(settings, runs, RARE) as scheduler:
        await until(lambda: bool(runs.begun), "the job to begin")
        scheduler.stop()
        assert runs.ended == []
        finish.set()

    assert runs.ended == ["rare"]
    assert (await schedules.row("rare"))["status"] == "queued"


async def test_the_end_may_come_before_the_beginning(
    settings: Settings, schedules: Schedules
) -> None:
    await schedules.make_due("rare")
    runs = Runs()

    async with asyncio.timeout(10), working(settings, runs, RARE):
        await asyncio.sleep(0)  # it has begun to connect

    assert runs.begun == []


async def test_a_lost_connection_is_made_anew_at_once(
    settings: Settings, schedules: Schedules, caplog: pytest.LogCaptureFixture
) -> None:
    await schedules.make_due("rare")
    runs = Runs()

    async with working(settings, runs, RARE):
        await until(lambda: len(runs.ended) == 1, "a first run")
        await schedules.make_due_again("rare")
        await schedules.cut_others()
        await until(lambda: len(runs.ended) == 2, "a run on the new connection")

    assert "jobs wait for the database" in caplog.text
    assert "scheduler failed" not in caplog.text


async def test_a_start_that_fails_is_tried_again_until_the_end(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    absent = settings[PostgresSettings].model_copy(update={"db": "absent"})
    scheduler = Scheduler(absent, [RARE], Runs().run)

    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        group.create_task(scheduler.run())
        await until(lambda: caplog.text.count("scheduler failed") == 2, "a second failure")
        scheduler.stop()
