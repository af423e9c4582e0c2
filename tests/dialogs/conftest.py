"""One bot for all tests of a file: to start one takes longer than most tests."""

from collections.abc import AsyncIterator

import pytest

from okno.kit.settings import Settings
from sandbox.llm import LanguageModelEmulator
from sandbox.llm.request_log import Outcome
from sandbox.telegram import Emulator
from tests.support.emptying import Servers
from tests.support.stage import Stage, open_stage


@pytest.fixture(scope="module")
async def module_stage(settings: Settings, servers: Servers) -> AsyncIterator[Stage]:
    await servers.empty()
    async with open_stage(settings, Emulator()) as opened:
        yield opened


@pytest.fixture
async def stage(
    module_stage: Stage, language_models: LanguageModelEmulator, clean: None
) -> AsyncIterator[Stage]:
    """The bot of the file on empty servers; fails the test when it did what no clean bot does."""
    try:
        yield module_stage
        module_stage.expect_clean()
    finally:
        # A process leaves a provider alone that has refused a request.
        outcomes = [request.outcome for request in language_models.requests()]
        module_stage.is_changed |= Outcome.REFUSED in outcomes
        await module_stage.renew()


@pytest.fixture
async def shared_stage(
    module_stage: Stage, language_models: LanguageModelEmulator
) -> AsyncIterator[Stage]:
    """The bot of the file where it is; each test brings people of its own."""
    language_models.reset()
    yield module_stage
    module_stage.expect_clean()
