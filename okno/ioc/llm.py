"""The language models."""

from collections.abc import AsyncIterator

from dishka import Provider, Scope, provide

from okno.llm.catalogue import load_catalogue
from okno.llm.port import ModelProvider
from okno.llm.providers.openai import OpenAi
from okno.llm.providers.yandexgpt import YandexGpt
from okno.llm.service import LanguageModels
from okno.settings import Settings


class LlmProvider(Provider):
    """One of each per process: the queues are worth nothing otherwise."""

    scope = Scope.APP

    @provide
    async def language_models(self, settings: Settings) -> AsyncIterator[LanguageModels]:
        providers = _configured(settings)
        yield LanguageModels(
            load_catalogue(settings.llm.models_file),
            providers,
            settings.llm,
            log_texts=settings.log.llm_texts,
        )
        for provider in providers.values():
            await provider.close()


def _configured(settings: Settings) -> dict[str, ModelProvider]:
    """Make the providers that have a key, under the names that the catalogue calls them."""
    providers: dict[str, ModelProvider] = {}
    if settings.yandexgpt.api_key or settings.yandexgpt.iam_token:
        providers["yandexgpt"] = YandexGpt(settings.yandexgpt)
    if settings.openai.api_key:
        providers["openai"] = OpenAi(settings.openai, settings.openai.api_key)
    return providers
