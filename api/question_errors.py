"""The errors that both routes for questions can answer: `/api/chat` and `/v1/chat/completions`."""

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

QUESTION_ERRORS: tuple[type[OknoError], ...] = (
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
