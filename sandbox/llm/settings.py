"""The speed and the limits of the models."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds before the first token and per token; `frame_tokens`: tokens per YandexGPT frame.

    Recorded traffic has about 15 tokens per frame. OpenAI sends each token in its own frame.
    """

    first_seconds: float = 0.0
    token_seconds: float = 0.0
    frame_tokens: int = 15


@dataclass(frozen=True, slots=True)
class Limits:
    """YandexGPT's quotas: generations at once, and requests per hour (None: no limit)."""

    concurrent: int = 10
    hourly: int | None = None
