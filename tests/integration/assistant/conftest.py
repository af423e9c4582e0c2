"""A process that people talk to, and a person."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from okno.kit.actor import Actor
from okno.kit.settings import Settings
from tests.support.talk import Talk, with_model


@pytest.fixture
async def talk(settings: Settings, clean: None) -> AsyncIterator[Talk]:
    talk = Talk(settings)
    yield talk
    await talk.close()


@pytest.fixture
async def narrow(settings: Settings, clean: None, tmp_path: Path) -> AsyncIterator[Talk]:
    """A process whose only model takes 400 tokens, 100 of them for the answer."""
    talk = Talk(with_model(settings, tmp_path, context=400, answer=100))
    yield talk
    await talk.close()


@pytest.fixture
async def anna(talk: Talk) -> Actor:
    return await talk.register()
