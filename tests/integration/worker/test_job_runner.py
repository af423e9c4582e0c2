"""One run of a job: what it is given, what is noted of it, and that nothing of it is fatal."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from dishka import AsyncContainer

from okno.ioc import create_container
from okno.kit.actor import Forbidden
from okno.kit.errors import TemporarilyUnavailable
from okno.kit.jobs import Done, Job
from okno.kit.metrics import REGISTRY
from okno.kit.settings import Settings
from worker.job import JobRunner


@pytest.fixture
async def container(settings: Settings) -> AsyncIterator[AsyncContainer]:
    container = create_container(settings)
    yield container
    await container.close()


def runs_of(job: str, outcome: str) -> float:
    labels = {"job": job, "outcome": outcome}
    return REGISTRY.get_sample_value("okno_job_seconds_count", labels) or 0


async def test_a_run_is_given_the_services_and_noted(
    container: AsyncContainer, caplog: pytest.LogCaptureFixture
) -> None:
    given: list[AsyncContainer] = []

    async def work(container: AsyncContainer) -> Done:
        given.append(container)
        return {"swept": 3}

    job = Job("sweep", "* * * * *", work)
    caplog.set_level("INFO")
    await JobRunner(container).run(job)
    await JobRunner(container).run(job)

    assert given == [container, container]
    assert runs_of("sweep", "ok") == 2
    [done, _] = [record for record in caplog.records if "job done" in record.getMessage()]
    assert isinstance(done.msg, dict)
    assert done.msg["job"] == "sweep"
    assert done.msg["swept"] == 3
    assert done.msg["ms"] >= 0


async def test_a_bug_is_logged_with_its_place(
    container: AsyncContainer, caplog: pytest.LogCaptureFixture
) -> None:
    async def work(_container: AsyncContainer) -> Done:
        raise KeyError("of a bug")

    await JobRunner(container).run(Job("broken", "* * * * *", work))

    assert "job failed" in caplog.text
    assert "of a bug" in caplog.text
    assert runs_of("broken", "KeyError") == 1


async def test_an_outage_is_told_without_a_traceback(
    container: AsyncContainer, caplog: pytest.LogCaptureFixture
) -> None:
    async def work(_container: AsyncContainer) -> Done:
        raise TemporarilyUnavailable

    await JobRunner(container).run(Job("early", "* * * * *", work))

    assert "job put off" in caplog.text
    assert "Traceback" not in caplog.text
    assert runs_of("early", "TemporarilyUnavailable") == 1


async def test_a_refusal_is_a_bug(
    container: AsyncContainer, caplog: pytest.LogCaptureFixture
) -> None:
    async def work(_container: AsyncContainer) -> Done:
        raise Forbidden

    await JobRunner(container).run(Job("refused", "* * * * *", work))

    assert "job failed" in caplog.text
    assert runs_of("refused", "Forbidden") == 1


async def test_a_run_that_hangs_is_ended(
    container: AsyncContainer, caplog: pytest.LogCaptureFixture
) -> None:
    async def work(_container: AsyncContainer) -> Done:
        await asyncio.Event().wait()
        return {}

    async with asyncio.timeout(5):
        await JobRunner(container, max_seconds=0.05).run(Job("endless", "* * * * *", work))

    assert "job put off" in caplog.text
    assert runs_of("endless", "TimeoutError") == 1
