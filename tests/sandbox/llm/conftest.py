"""Emulated models behind real HTTP, and clients that check each answer."""

from collections.abc import AsyncIterator, Iterator

import pytest
from aiohttp import ClientSession

from sandbox.llm import LanguageModelEmulator
from tests.sandbox.llm.clients import OpenAi, YandexGpt
from tests.support.running_models import RunningModels, serving_models


@pytest.fixture(scope="module")
def running() -> Iterator[RunningModels]:
    """One server for all tests of a file."""
    with serving_models() as running:
        yield running


@pytest.fixture
def models(running: RunningModels) -> LanguageModelEmulator:
    running.emulator.reset()
    return running.emulator


@pytest.fixture
async def http(
    running: RunningModels, models: LanguageModelEmulator
) -> AsyncIterator[ClientSession]:
    async with ClientSession(running.address) as session:
        yield session


@pytest.fixture
def yandexgpt(http: ClientSession) -> YandexGpt:
    return YandexGpt(http)


@pytest.fixture
def openai(http: ClientSession) -> OpenAi:
    return OpenAi(http)
