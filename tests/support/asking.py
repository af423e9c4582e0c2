"""Language models that are asked as the assistant asks them."""

from collections.abc import Awaitable
from contextlib import aclosing
from typing import Any

import pytest

from okno.kit.settings import Settings
from okno.llm.catalogue import load_catalogue
from okno.llm.config import MODELS_FILE, LlmSettings, YandexGptSettings
from okno.llm.dto import Chunk, Prompt, Queued
from okno.llm.errors import ModelError
from okno.llm.providers.yandexgpt import YandexGpt
from okno.llm.service import LanguageModels
from tests.support.prompts import make_prompt

TEXT = "One two three four five six seven eight nine ten eleven twelve thirteen fourteen " * 5


class ModelClient:
    """Makes `LanguageModels` with settings of the test, and asks them."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.yandexgpt = YandexGpt(settings[YandexGptSettings])
        self.service = self.open()

    def open(self, *, log_texts: bool = False, **values: Any) -> LanguageModels:
        self.service = LanguageModels(
            load_catalogue(MODELS_FILE),
            {"yandexgpt": self.yandexgpt},
            LlmSettings(**values),
            log_texts=log_texts,
        )
        return self.service

    async def ask(
        self, question: str = f"echo: {TEXT}", *, user_id: int = 1, prompt: Prompt | None = None
    ) -> list[Queued | Chunk]:
        prompt = prompt or make_prompt(question)
        stream = self.service.stream(prompt, user_id=user_id, conversation_id=70 + user_id)
        async with aclosing(stream) as events:
            return [event async for event in events]


def text_of(events: list[Queued | Chunk]) -> str:
    last = events[-1]
    assert isinstance(last, Chunk)
    assert last.finish is not None
    return last.text


async def failure(asking: Awaitable[Any]) -> ModelError | None:
    """Wait for the error of a request."""
    try:
        await asking
    except ModelError as error:
        return error
    return None


def lines(caplog: pytest.LogCaptureFixture, event: str = "model asked") -> list[dict[str, Any]]:
    found = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
    return [line for line in found if line["event"] == event]
