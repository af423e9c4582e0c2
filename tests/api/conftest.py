"""A running API for every test that asks for one."""

from collections.abc import AsyncIterator

import pytest

from okno.kit.settings import Settings
from tests.support.api import Api, open_api
from tests.support.probe import probe


@pytest.fixture
async def api(settings: Settings, clean: None) -> AsyncIterator[Api]:
    async with open_api(settings) as opened:
        yield opened


@pytest.fixture
async def probed(settings: Settings, clean: None) -> AsyncIterator[Api]:
    """One that has the routes of `tests.support.probe`, too."""
    async with open_api(settings, routes=probe) as opened:
        yield opened
