"""What both ways of asking have in common: what they can fail with, and who left before the end."""

from typing import Any

from starlette.responses import Response

from okno.accounts.errors import UserNotFound
from okno.assistant.errors import AnswerInterrupted, QuestionEmpty, QuestionTooLong
from okno.billing.errors import BudgetSpent, PaymentRequired
from okno.kit.errors import OknoError
from okno.llm.errors import (
    ModelAccessDenied,
    ModelAnswerEmpty,
    ModelBusy,
    ModelKeyRefused,
    ModelNotFound,
    ModelQueueFull,
    ModelRequestRefused,
    ModelStreamBroken,
    ModelTimeout,
    ModelUnavailable,
)

ASKING_ERRORS: tuple[type[OknoError], ...] = (
    AnswerInterrupted,
    BudgetSpent,
    ModelAccessDenied,
    ModelAnswerEmpty,
    ModelBusy,
    ModelKeyRefused,
    ModelNotFound,
    ModelQueueFull,
    ModelRequestRefused,
    ModelStreamBroken,
    ModelTimeout,
    ModelUnavailable,
    PaymentRequired,
    QuestionEmpty,
    QuestionTooLong,
    UserNotFound,
)

_CLIENT_LEFT = 499
"""What nginx writes into its log for such a request; nobody gets it."""


def to_nobody() -> Response:
    """Answer a client that has left: this is for the log alone."""
    return Response(status_code=_CLIENT_LEFT)


def streamed(example: str) -> dict[str, Any]:
    """Describe that the answer can be a stream, too."""
    media = {"schema": {}, "example": example}
    return {"description": "The answer.", "content": {"text/event-stream": media}}
