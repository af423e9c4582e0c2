"""The use cases of the language models: list them, count tokens, stream answers."""

from collections.abc import AsyncGenerator, Iterable, Mapping
from typing import Any

import structlog

from okno.kit.errors import StartupError
from okno.llm import tokens
from okno.llm.catalogue import Catalogue
from okno.llm.config import LlmSettings
from okno.llm.dto import Chunk, Model, Persona, Prompt, PromptMessage, Queued, Trace, Usage
from okno.llm.errors import ModelError, ModelNotFound
from okno.llm.port import ModelProvider
from okno.llm.service.provider_gateway import ProviderGateway
from okno.llm.service.request_log import RequestLog

log = structlog.get_logger(__name__)


class LanguageModels:
    """The models of the catalogue whose providers are configured."""

    def __init__(
        self,
        catalogue: Catalogue,
        providers: Mapping[str, ModelProvider],
        settings: LlmSettings,
        *,
        log_texts: bool,
    ) -> None:
        """`log_texts`: log questions and answers. Raises `StartupError` when there is no model."""
        self._models = {
            model.id: model for model in catalogue.models if model.provider in providers
        }
        if not self._models:
            raise StartupError(_nothing_to_offer(providers, settings))
        self._personas = {persona.id: persona for persona in catalogue.personas}
        self._gateways = {
            name: ProviderGateway(name, provider, settings) for name, provider in providers.items()
        }
        self._log_texts = log_texts

    def models(self) -> tuple[Model, ...]:
        """List the models that are offered now; the first is the default."""
        return tuple(self._models.values())

    def model(self, model_id: str | None) -> Model:
        """Find a model, or the default when it is not offered."""
        return self._models.get(model_id or "") or self.models()[0]

    def find(self, model_id: str) -> Model | None:
        """Find a model by its id; None when it is not offered."""
        return self._models.get(model_id)

    def personas(self) -> tuple[Persona, ...]:
        """List the personas; the first is the default."""
        return tuple(self._personas.values())

    def persona(self, persona_id: str | None) -> Persona:
        """Find a persona, or the default when there is no such persona."""
        return self._personas.get(persona_id or "") or self.personas()[0]

    def stream(
        self,
        prompt: Prompt,
        *,
        user_id: int,
        conversation_id: int | None,
        facts: dict[str, Any] | None = None,
    ) -> AsyncGenerator[Queued | Chunk, None]:
        """Answer a prompt; closing the generator early ends the request at the provider.

        Every request leaves a line in the log. A caller that writes a line about the same answer
        passes `facts`: they are filled instead of writing a line, unless something goes wrong.

        Yields the place in the queue whenever it changes, then the growing answer. The last chunk
        has a finish and a usage. Raises the errors of `okno.llm.errors` and no others.
        """
        request_log = RequestLog(
            prompt,
            user_id=user_id,
            conversation_id=conversation_id,
            texts=self._log_texts,
            facts=facts,
        )
        return self._gateway(prompt.model).answer(prompt, user_id, request_log)

    async def count_tokens(self, prompt: Prompt) -> int:
        """Count the tokens as the provider will bill them, by a request to it.

        Raises the errors of `okno.llm.errors`.
        """
        trace = Trace()
        try:
            return await self._gateway(prompt.model).provider.count_tokens(prompt, trace)
        except ModelError as error:
            log.warning(
                "tokens not counted",
                outcome=error.code,
                request_id=str(prompt.request_id),
                server_ids=trace.server_ids,
                refusal=trace.refusal,
                provider=prompt.model.provider,
                model=prompt.model.id,
            )
            raise

    def upper_bound(self, messages: Iterable[PromptMessage]) -> int:
        """Return an upper bound of a prompt's tokens without a request."""
        return tokens.upper_bound(messages)

    def estimate(self, messages: Iterable[PromptMessage], answer: str) -> Usage:
        """Estimate the usage of an answer that was stopped before the provider sent it."""
        return tokens.estimate(messages, answer)

    async def check(self) -> None:
        """Log a warning for every model that its provider does not list. Raises nothing."""
        for name, gateway in self._gateways.items():
            try:
                listed = await gateway.provider.list_models()
            except ModelError as error:
                log.warning("models not listed", provider=name, outcome=error.code)
                continue
            for model in self._models.values():
                if model.provider == name and model.remote not in listed:
                    log.warning("model not listed by its provider", model=model.id, listed=listed)

    def _gateway(self, model: Model) -> ProviderGateway:
        if (gateway := self._gateways.get(model.provider)) is None:
            raise ModelNotFound
        return gateway


def _nothing_to_offer(providers: Mapping[str, ModelProvider], settings: LlmSettings) -> str:
    if not providers:
        return (
            "No language model is configured: set YANDEXGPT_API_KEY and YANDEXGPT_FOLDER_ID, "
            "or OPENAI_API_KEY. See .env.example."
        )
    return (
        f"{settings.models_file} enables no model of a configured provider "
        f"({', '.join(sorted(providers))}): enable one, or configure another provider."
    )
