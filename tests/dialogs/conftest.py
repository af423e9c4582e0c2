"""A bot for all tests of a file, where each test brings people of its own."""

from collections.abc import AsyncIterator

import pytest

from okno.kit.settings import Settings
from sandbox.llm import LanguageModelEmulator
from sandbox.telegram import Emulator
from tests.support.emptying import Servers
from tests.support.stage import Stage, open_stage


@pytest.fixture(scope="module")
async def module_stage(settings: Settings, servers: Servers) -> AsyncIterator[Stage]:
    await servers.empty()
    async with open_stage(settings, Emulator()) as opened:
        yield opened


@pytest.fixture
async def shared_stage(
    module_stage: Stage, language_models: LanguageModelEmulator
) -> AsyncIterator[Stage]:
    """The bot of the file; fails the test when the bot did what a clean bot never does."""
    language_models.reset()
    yield module_stage
    module_stage.expect_clean()
