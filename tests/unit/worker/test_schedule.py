"""The list of jobs: that PgQueuer takes it, and that the operator is told of it."""

import re

import pytest
from pgqueuer import InMemoryDriver, InMemoryQueries, SchedulerManager

from okno.capabilities import JOBS
from okno.kit.jobs import Job
from tests.conftest import ROOT

OPERATION = (ROOT / "docs" / "operation.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_the_engine_takes_a_job(job: Job) -> None:
    manager = SchedulerManager(InMemoryQueries(driver=InMemoryDriver()))
    manager.schedule(job.name, job.cron)  # raises ValueError for what is no cron expression
    assert len(job.cron.split()) == 5, "a sixth field would mean seconds"


def test_no_two_jobs_share_a_name() -> None:
    assert len({job.name for job in JOBS}) == len(JOBS)


def test_the_operator_is_told_of_every_job() -> None:
    assert re.findall(
        r"^\| `([a-z-]+)` \|", OPERATION.partition("## The worker")[2], flags=re.MULTILINE
    ) == [job.name for job in JOBS]
