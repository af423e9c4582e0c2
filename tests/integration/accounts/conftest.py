"""The services by which people are recognised."""

from collections.abc import AsyncIterator

import pytest

from okno.kit.settings import Settings
from tests.support.front_door import FrontDoor


@pytest.fixture
async def door(settings: Settings, clean: None) -> AsyncIterator[FrontDoor]:
    door = FrontDoor(settings)
    yield door
    await door.close()


@pytest.fixture
async def other_door(settings: Settings, door: FrontDoor) -> AsyncIterator[FrontDoor]:
    """Another process on the same servers, at the same time of day."""
    other = FrontDoor(settings, door.clock)
    yield other
    await other.close()
