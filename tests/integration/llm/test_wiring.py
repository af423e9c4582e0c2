"""The container builds `LanguageModels` from the settings, or says what is missing."""

import pytest

from okno.ioc import create_container
from okno.kit.errors import StartupError
from okno.kit.settings import Settings
from okno.llm.config import OpenAiSettings, YandexGptSettings
from okno.llm.dto import Chunk
from okno.llm.service import LanguageModels
from tests.support.prompts import make_prompt


async def test_every_provider_with_a_key_answers(settings: Settings) -> None:
    container = create_container(settings)
    models = await container.get(LanguageModels)
    assert {model.provider for model in models.models()} == {"yandexgpt", "openai"}
    for model in models.models():
        stream = models.stream(make_prompt(model=model), user_id=1, conversation_id=None)
        events = [event async for event in stream]
        assert isinstance(events[-1], Chunk)
        assert events[-1].finish is not None
    await container.close()


async def test_without_any_key_nothing_starts(settings: Settings) -> None:
    nothing = settings.replaced(
        YandexGptSettings(api_key=None, iam_token=None), OpenAiSettings(api_key=None)
    )
    container = create_container(nothing)
    with pytest.raises(StartupError, match="YANDEXGPT_API_KEY and YANDEXGPT_FOLDER_ID, or OPENAI"):
        await container.get(LanguageModels)
    await container.close()
