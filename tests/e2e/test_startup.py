"""A start that can't succeed: one clear line, exit code 2, no traceback."""

import socket
from pathlib import Path

import pytest

from okno.kit.errors import StartupError
from okno.kit.program import StopSignals
from okno.kit.settings import Settings
from okno.settings import load_settings
from sandbox.postgres import create_database
from sandbox.telegram import Fault, FaultKind
from tests.e2e.conftest import Telegram
from tests.e2e.process import BotProcess
from tests.support.timing import CALL_RETRY_AT_ONCE
from tgbot.app import run
from tgbot.client import retry
from tgbot.config import SECTIONS

Variables = dict[str, str]


@pytest.fixture
def variables(environment: Variables, settings: Settings, telegram: Telegram) -> Variables:
    """The variables of a good start."""
    return {**environment, "TELEGRAM_API_BASE": telegram.address, "SERVER_PORT": "0"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"TELEGRAM_BOT_TOKEN": ""}, "TELEGRAM_BOT_TOKEN is missing"),
        ({"TELEGRAM_BOT_TOKEN": "1:wrong"}, "Telegram does not accept TELEGRAM_BOT_TOKEN"),
    ],
    ids=["missing setting", "wrong token"],
)
async def test_the_process_says_one_line_and_exits_with_2(
    variables: Variables, tmp_path: Path, wrong: Variables, reason: str
) -> None:
    bot = BotProcess({**variables, **wrong}, tmp_path / "bot.log")
    await bot.launch()

    assert await bot.wait() == 2
    (line,) = bot.log_lines()
    assert line.startswith("okno: ")
    assert reason in line


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"TELEGRAM_BOT_TOKEN": "change-me"}, "TELEGRAM_BOT_TOKEN still has its placeholder"),
        ({"TELEGRAM_WEBHOOK_URL": "bot.example.org"}, "TELEGRAM_WEBHOOK_URL is wrong"),
        ({"POSTGRES_HOST": ""}, "POSTGRES_HOST is missing"),
        ({"POSTGRES_HOST": "", "REDIS_HOST": ""}, "POSTGRES_HOST is missing"),
        ({"POSTGRES_PORT": "many"}, "POSTGRES_PORT is wrong"),
        ({"REDIS_PASSWORD": "change-me"}, "REDIS_PASSWORD still has its placeholder"),
        ({"ADMIN_TELEGRAM_IDS": "anna"}, "ADMIN_TELEGRAM_IDS is wrong"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL is wrong"),
        ({"TELEGRAM_API_BASE": "api.telegram.org"}, "TELEGRAM_API_BASE is wrong"),
        ({"TELEGRAM_API_BASE": "ftp://example.org"}, "TELEGRAM_API_BASE is wrong"),
        ({"TELEGRAM_WEBHOOK_URL": "https://x.org/{token}"}, "TELEGRAM_WEBHOOK_URL is wrong"),
        ({"SERVER_PORT": "99999"}, "SERVER_PORT is wrong"),
        ({"POSTGRES_POOL_SIZE": "0"}, "POSTGRES_POOL_SIZE is wrong"),
        ({"BILLING_HOLD_SECONDS": "300"}, "BILLING_HOLD_SECONDS must be at least 540"),
    ],
    ids=str,
)
def test_a_wrong_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, variables: Variables, wrong: Variables, reason: str
) -> None:
    for name, value in {**variables, **wrong}.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(StartupError, match=reason):
        load_settings(*SECTIONS)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"TELEGRAM_BOT_TOKEN": "nonsense"}, "TELEGRAM_BOT_TOKEN is not a token"),
        ({"YANDEXGPT_API_KEY": "", "OPENAI_API_KEY": ""}, "YANDEXGPT_API_KEY"),
        ({"LLM_MODELS_FILE": "/nowhere/models.toml"}, "models.toml"),
        ({"BILLING_PACKAGES_FILE": "/nowhere/packages.toml"}, "packages.toml"),
        ({"TELEGRAM_API_BASE": "http://127.0.0.1:9"}, "Telegram does not answer"),
        ({"TELEGRAM_WEBHOOK_URL": "http://example.org/"}, "Telegram refuses TELEGRAM_WEBHOOK_URL"),
        ({"POSTGRES_HOST": "127.0.0.1", "POSTGRES_PORT": "9"}, "PostgreSQL does not answer"),
        ({"POSTGRES_DB": "absent"}, "PostgreSQL does not answer"),
        ({"POSTGRES_DB": "unmigrated"}, "run `make migrate`"),
        ({"REDIS_HOST": "127.0.0.1", "REDIS_PORT": "9"}, "Redis does not answer"),
    ],
    ids=str,
)
async def test_what_is_out_of_reach_is_named(
    monkeypatch: pytest.MonkeyPatch, variables: Variables, wrong: Variables, reason: str
) -> None:
    monkeypatch.setattr(retry, "CALL_RETRY", CALL_RETRY_AT_ONCE)
    create_database(Path(variables["POSTGRES_HOST"]), "unmigrated")
    for name, value in {**variables, **wrong}.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(StartupError, match=reason):
        await run(load_settings(*SECTIONS), StopSignals())


async def test_a_taken_port_is_named(monkeypatch: pytest.MonkeyPatch, variables: Variables) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        for name, value in {**variables, "SERVER_PORT": port}.items():
            monkeypatch.setenv(name, value)

        with pytest.raises(StartupError, match=f"SERVER_PORT {port}"):
            await run(load_settings(*SECTIONS), StopSignals())


async def test_commands_that_telegram_does_not_take_are_no_reason_not_to_start(
    monkeypatch: pytest.MonkeyPatch, variables: Variables, telegram: Telegram
) -> None:
    monkeypatch.setattr(retry, "CALL_RETRY", CALL_RETRY_AT_ONCE)
    telegram.emulator.add_fault(Fault(method="setMyCommands", kind=FaultKind.DROP, times=3))
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    signals = StopSignals()
    signals.stop.set()

    await run(load_settings(*SECTIONS), signals)

    assert list(telegram.emulator.faults) == []
