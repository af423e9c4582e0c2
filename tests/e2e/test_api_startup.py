"""An API that can't start: one clear line, exit code 2, no traceback."""

import asyncio
import socket
from pathlib import Path

import pytest

from api.config import load_api_settings
from api.process import run_alone
from okno.kit.errors import StartupError
from okno.kit.program import StopSignals
from okno.kit.settings import Settings
from sandbox.postgres import create_database
from tests.e2e.process import STOP_TIMEOUT, ApiProcess

Variables = dict[str, str]


@pytest.fixture
def variables(environment: Variables, settings: Settings) -> Variables:
    """The variables of a good start."""
    return {**environment, "API_PORT": "0", "API_METRICS_PORT": "0"}


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["1", "2"])
async def test_the_process_says_one_line_and_exits_with_2(
    variables: Variables, tmp_path: Path, workers: str
) -> None:
    nowhere = {"POSTGRES_HOST": "127.0.0.1", "POSTGRES_PORT": "9", "API_WORKERS": workers}
    api = ApiProcess({**variables, **nowhere}, tmp_path / "api.log")
    await api.launch()

    assert await api.wait() == 2
    (line,) = api.log_lines()
    assert line.startswith("okno: PostgreSQL does not answer")


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"POSTGRES_DB": "absent"}, "PostgreSQL does not answer"),
        ({"POSTGRES_DB": "unmigrated"}, "run `make migrate`"),
        ({"REDIS_HOST": "127.0.0.1", "REDIS_PORT": "9"}, "Redis does not answer"),
        ({"JWT_SECRET": ""}, "JWT_SECRET is missing"),
        ({"JWT_SECRET": "change-me"}, "JWT_SECRET"),
        ({"YANDEXGPT_API_KEY": "", "OPENAI_API_KEY": ""}, "YANDEXGPT_API_KEY"),
        ({"BILLING_PACKAGES_FILE": "/absent.toml"}, "/absent.toml"),
        ({"API_TRUSTED_PROXIES": "everybody"}, "API_TRUSTED_PROXIES is wrong"),
        ({"API_RATE_USER": "often"}, "API_RATE_USER is wrong"),
        ({"API_URL": "api.example.org"}, "API_URL is wrong"),
        ({"API_WORKERS": "0"}, "API_WORKERS is wrong"),
        ({"API_REQUEST_SECONDS": "60"}, "API_REQUEST_SECONDS must be at least 420"),
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
        async with asyncio.timeout(STOP_TIMEOUT):
            await run_alone(load_api_settings(), StopSignals())


@pytest.mark.parametrize("name", ["API_PORT", "API_METRICS_PORT"])
async def test_a_taken_port_is_named(
    monkeypatch: pytest.MonkeyPatch, variables: Variables, name: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        for variable, value in {**variables, name: port}.items():
            monkeypatch.setenv(variable, value)

        with pytest.raises(StartupError, match=f"{name} {port}"):
            async with asyncio.timeout(STOP_TIMEOUT):
                await run_alone(load_api_settings(), StopSignals())
