"""The interface of a provider of language models."""

from collections.abc import AsyncGenerator
from typing import Protocol

from okno.llm.dto import Chunk, Prompt, Trace


class ModelProvider(Protocol):
    """A service that runs models. Its methods raise errors of `okno.llm.errors` and no others."""

    def stream(self, prompt: Prompt, trace: Trace) -> AsyncGenerator[Chunk, None]:
        """Stream an answer; closing the generator early ends the request at the provider."""
        ...

    async def count_tokens(self, prompt: Prompt, trace: Trace) -> int:
        """Count the tokens of the prompt as the provider will bill them."""
        ...

    async def list_models(self) -> tuple[str, ...]:
        """Name the models that the provider offers now, or is known to offer."""
        ...

    async def close(self) -> None:
        """Close all connections."""
        ...
