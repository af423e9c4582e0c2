"""How fast the models are and how much they let through."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds before the first token and per token; `frame_tokens`: of one YandexGPT frame.

    About 15 tokens a frame were seen in recorded traffic. OpenAI sends every token at once.
    """

    first_seconds: float = 0.0
    token_seconds: float = 0.0
    frame_tokens: int = 15


@dataclass(frozen=True, slots=True)
class Limits:
    """YandexGPT's quotas: generations at once, and requests in an hour (None: any number)."""

    concurrent: int = 10
    hourly: int | None = None
