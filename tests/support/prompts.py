"""Prompts for the language models."""

from decimal import Decimal
from uuid import uuid4

from okno.accounts.dto import Language
from okno.llm.dto import Model, Prompt, PromptMessage, PromptRole


def make_model(remote: str = "yandexgpt/latest", *, provider: str = "yandexgpt") -> Model:
    return Model(
        id=remote.partition("/")[0],
        provider=provider,
        remote=remote,
        names=dict.fromkeys(Language, remote),
        context_tokens=32_768,
        answer_tokens=2_000,
        price_in=Decimal(1),
        price_out=Decimal(1),
    )


def make_prompt(
    question: str = "Hello?", *, model: Model | None = None, max_tokens: int = 2_000
) -> Prompt:
    return Prompt(
        model=model or make_model(),
        messages=(
            PromptMessage(PromptRole.SYSTEM, "You are an assistant."),
            PromptMessage(PromptRole.USER, question),
        ),
        max_tokens=max_tokens,
        temperature=0.3,
        request_id=uuid4(),
    )
