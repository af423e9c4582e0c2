"""The emulated models, and services whose every byte a test decides."""

from collections.abc import AsyncIterator

import pytest

from okno.kit.settings import Settings
from sandbox.llm import LanguageModelEmulator
from tests.support.asking import ModelClient
from tests.support.scripted_service import Service, scripted_service


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    async with scripted_service() as running:
        yield running


@pytest.fixture
def models(settings: Settings, language_models: LanguageModelEmulator) -> LanguageModelEmulator:
    language_models.reset()
    return language_models


@pytest.fixture
async def client(settings: Settings, models: LanguageModelEmulator) -> AsyncIterator[ModelClient]:
    client = ModelClient(settings)
    yield client
    await client.yandexgpt.close()
