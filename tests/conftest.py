"""Real servers for the whole run, a clean state for every test."""

import os
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from playwright.async_api import Browser

from okno.capabilities import LOCK_ORDER
from okno.kit.log import configure_logs
from okno.kit.settings import LogSettings, Settings
from sandbox.environment import OKNO_PREFIXES
from sandbox.llm import LanguageModelEmulator
from sandbox.servers import run_servers
from sandbox.telegram import Emulator
from tests.support.browser import chromium, find_chromium
from tests.support.emptying import Servers
from tests.support.lock_order import LockRecorder, recorded_locks
from tests.support.running_models import RunningModels, serving_models
from tests.support.secrets import BOT_TOKEN, JWT_SECRET, MODEL_KEY, check_captured
from tests.support.settings import load_all_settings
from tests.support.stage import Stage, open_stage

ROOT = Path(__file__).parent.parent
ADMIN_ID = 990_001


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail the test whose log lines hold a secret."""
    report = yield
    if report.passed and (lines := check_captured(report.sections)):
        report.outcome = "failed"
        report.longrepr = "\n".join(["a secret was logged:", *lines])
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test with the name of its folder: `-m integration` runs tests/integration."""
    for item in items:
        item.add_marker(item.path.relative_to(ROOT / "tests").parts[0])


@pytest.fixture(scope="session", autouse=True)
def _no_foreign_settings() -> Iterator[None]:
    """Remove the settings of a real installation from the environment."""
    patch = pytest.MonkeyPatch()
    for name in list(os.environ):
        if name.startswith(OKNO_PREFIXES):
            patch.delenv(name)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def running_models(_no_foreign_settings: None) -> Iterator[RunningModels]:
    """Serve the emulated language models from a thread of their own."""
    with serving_models(LanguageModelEmulator(api_key=MODEL_KEY)) as running:
        yield running


@pytest.fixture(scope="session")
def language_models(running_models: RunningModels) -> LanguageModelEmulator:
    """The emulated models with their requests and faults; `clean` resets them."""
    return running_models.emulator


@pytest.fixture(scope="session")
def environment(
    tmp_path_factory: pytest.TempPathFactory, running_models: RunningModels
) -> Iterator[dict[str, str]]:
    """Run PostgreSQL and Valkey for all tests; yield all variables that a process needs."""
    with run_servers(tmp_path_factory.mktemp("servers"), durable=False) as servers:
        yield {
            **servers,
            **running_models.environment,
            "TELEGRAM_BOT_TOKEN": BOT_TOKEN,
            "JWT_SECRET": JWT_SECRET,
            "ADMIN_TELEGRAM_IDS": str(ADMIN_ID),
            "OKNO_ENV_FILE": os.devnull,
        }


@pytest.fixture(scope="session")
def settings(environment: dict[str, str]) -> Iterator[Settings]:
    """Migrate the database once; the settings lead to it."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        command.upgrade(Config(ROOT / "alembic.ini"), "head")
        loaded = load_all_settings()
        configure_logs(loaded[LogSettings], service="okno-tests")
        yield loaded


@pytest.fixture(scope="session")
async def servers(settings: Settings) -> AsyncIterator[Servers]:
    """Stay connected to PostgreSQL and Valkey, to empty them before each test."""
    servers = Servers(settings)
    yield servers
    await servers.close()


@pytest.fixture
async def clean(servers: Servers, language_models: LanguageModelEmulator) -> None:
    """Begin the test without users, and with models that remember nothing."""
    language_models.reset()
    await servers.empty()


@pytest.fixture(scope="session")
def lock_recorder() -> Iterator[LockRecorder]:
    """Record the row locks of all transactions."""
    with recorded_locks(LOCK_ORDER) as recorder:
        yield recorder


@pytest.fixture(autouse=True)
def _locks_in_order(lock_recorder: LockRecorder) -> Iterator[None]:
    """Fail the test whose transactions lock rows in another order than all others."""
    lock_recorder.violations.clear()
    yield
    assert lock_recorder.violations == []


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One browser for all tests of pages; without any they are skipped."""
    if find_chromium() is None:
        pytest.skip("no Chromium: install one, or name it in CHROMIUM")
    async with chromium() as opened:
        yield opened


@pytest.fixture
def emulator() -> Emulator:
    return Emulator()


@pytest.fixture
async def stage(settings: Settings, emulator: Emulator, clean: None) -> AsyncIterator[Stage]:
    """One running bot; fails the test when it did what a clean bot never does."""
    async with open_stage(settings, emulator) as opened:
        yield opened
        opened.expect_clean()
