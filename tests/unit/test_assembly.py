"""Programs are assembled from the list of capabilities and the sections that they read."""

import os

import pytest
from dishka.exceptions import NoFactoryError

from api.config import load_api_settings
from okno.accounts.config import AccountsSettings
from okno.capabilities import CAPABILITIES, JOBS, SCOPES
from okno.ioc import create_container
from okno.kit.errors import StartupError
from okno.kit.settings import PostgresSettings, Settings
from okno.settings import CORE, load_settings
from sandbox.environment import OKNO_PREFIXES
from tgbot.config import SECTIONS as BOT_SECTIONS
from worker.config import SECTIONS as WORKER_SECTIONS

NEEDED = {
    "POSTGRES_HOST": "localhost",
    "POSTGRES_USER": "okno",
    "POSTGRES_DB": "okno",
    "REDIS_HOST": "localhost",
    "OKNO_ENV_FILE": os.devnull,
}


@pytest.fixture(autouse=True)
def _little_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(OKNO_PREFIXES):
            monkeypatch.delenv(name)
    for name, value in NEEDED.items():
        monkeypatch.setenv(name, value)


def test_an_api_host_needs_no_token_of_a_bot() -> None:
    assert isinstance(load_api_settings()[PostgresSettings], PostgresSettings)


@pytest.mark.parametrize("sections", [BOT_SECTIONS, WORKER_SECTIONS])
def test_bot_and_worker_do_need_it(sections: tuple[type, ...]) -> None:
    with pytest.raises(StartupError, match="TELEGRAM_BOT_TOKEN is missing"):
        load_settings(*sections)


def test_a_hold_must_outlive_its_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILLING_HOLD_SECONDS", "300")
    with pytest.raises(StartupError, match="BILLING_HOLD_SECONDS must be at least 540"):
        load_settings()


async def test_services_get_sections_and_nothing_gets_all_settings() -> None:
    container = create_container(load_settings())
    assert isinstance(await container.get(AccountsSettings), AccountsSettings)
    with pytest.raises(NoFactoryError):
        await container.get(Settings)
    await container.close()


def test_names_are_given_once() -> None:
    for names in ([one.name for one in CAPABILITIES], [job.name for job in JOBS], SCOPES, CORE):
        assert len(set(names)) == len(names)
