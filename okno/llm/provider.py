"""The provider of the language models for the container."""

from collections.abc import AsyncIterator

from dishka import Provider, Scope, provide

from okno.kit.settings import LogSettings
from okno.llm.catalogue import load_catalogue
from okno.llm.config import LlmSettings, OpenAiSettings, YandexGptSettings
from okno.llm.port import ModelProvider
from okno.llm.providers.openai import OpenAi
from okno.llm.providers.yandexgpt import YandexGpt
from okno.llm.service import LanguageModels


class LlmProvider(Provider):
    """One of each per process: the queues limit nothing otherwise."""

    scope = Scope.APP

    @provide
    async def language_models(
        self,
        settings: LlmSettings,
        yandexgpt: YandexGptSettings,
        openai: OpenAiSettings,
        log: LogSettings,
    ) -> AsyncIterator[LanguageModels]:
        providers = _configured(yandexgpt, openai)
        yield LanguageModels(
            load_catalogue(settings.models_file),
            providers,
            settings,
            log_texts=log.llm_texts,
        )
        for provider in providers.values():
            await provider.close()


def _configured(yandexgpt: YandexGptSettings, openai: OpenAiSettings) -> dict[str, ModelProvider]:
    """Make the providers that have a key, under the names that the catalogue uses."""
    providers: dict[str, ModelProvider] = {}
    if yandexgpt.api_key or yandexgpt.iam_token:
        providers["yandexgpt"] = YandexGpt(yandexgpt)
    if openai.api_key:
        providers["openai"] = OpenAi(openai, openai.api_key)
    return providers
