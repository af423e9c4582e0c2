"""A worker that can't start: one clear line, exit code 2, no traceback."""

import socket
from pathlib import Path

import pytest

from okno.kit.errors import StartupError
from okno.kit.program import StopSignals
from okno.kit.settings import Settings
from okno.settings import load_settings
from sandbox.postgres import create_database
from tests.e2e.process import WorkerProcess
from worker.app import run
from worker.config import SECTIONS

Variables = dict[str, str]


@pytest.fixture
def variables(environment: Variables, settings: Settings) -> Variables:
    """The variables of a good start."""
    return {**environment, "WORKER_PORT": "0"}


@pytest.mark.slow
async def test_the_process_says_one_line_and_exits_with_2(
    variables: Variables, tmp_path: Path
) -> None:
    worker = WorkerProcess(
        {**variables, "POSTGRES_HOST": "127.0.0.1", "POSTGRES_PORT": "9"}, tmp_path / "worker.log"
    )
    await worker.launch()

    assert await worker.wait() == 2
    (line,) = worker.log_lines()
    assert line.startswith("okno: PostgreSQL does not answer")


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"POSTGRES_DB": "absent"}, "PostgreSQL does not answer"),
        ({"POSTGRES_DB": "unmigrated"}, "run `make migrate`"),
        ({"REDIS_HOST": "127.0.0.1", "REDIS_PORT": "9"}, "Redis does not answer"),
        ({"TELEGRAM_BOT_TOKEN": "nonsense"}, "TELEGRAM_BOT_TOKEN is not a token"),
        ({"YANDEXGPT_API_KEY": "", "OPENAI_API_KEY": ""}, "YANDEXGPT_API_KEY"),
        ({"BILLING_PACKAGES_FILE": "/absent.toml"}, "/absent.toml"),
    ],
    ids=str,
)
async def test_what_is_wrong_is_named(
    monkeypatch: pytest.MonkeyPatch, variables: Variables, wrong: Variables, reason: str
) -> None:
    create_database(Path(variables["POSTGRES_HOST"]), "unmigrated")
    for name, value in {**variables, **wrong}.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(StartupError, match=reason):
        await run(load_settings(*SECTIONS), StopSignals())


async def test_a_taken_port_is_named(monkeypatch: pytest.MonkeyPatch, variables: Variables) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        for name, value in {**variables, "WORKER_PORT": port}.items():
            monkeypatch.setenv(name, value)

        with pytest.raises(StartupError, match=f"WORKER_PORT {port}"):
            await run(load_settings(*SECTIONS), StopSignals())
