"""Reports how an answer ended, in metrics and log: ids and numbers, never a text."""

import structlog

from okno.assistant.dto import Generation, Message, MessageStatus
from okno.assistant.service.growing_answer import ConversationAnswer
from okno.assistant.service.metrics import ANSWERS
from okno.kit.errors import OknoError
from okno.llm.dto import Usage

log = structlog.get_logger(__name__)


def report_answer(answer: ConversationAnswer, message: Message, usage: Usage) -> None:
    ANSWERS.labels(message.status).inc()
    log.info(
        "answer stopped" if message.status is MessageStatus.STOPPED else "answered",
        **answer.ids,
        message_id=message.id,
        status=message.status,
        **_prompt(answer.generation),
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        estimated=usage.estimated,
        cost=message.cost,
        **(answer.facts or {}),
        ms=answer.milliseconds,
    )


def report_failure(answer: ConversationAnswer, failure: OknoError) -> None:
    ANSWERS.labels(failure.code).inc()
    log.info(
        "answer failed",
        **answer.ids,
        **_prompt(answer.generation),
        code=failure.code,
        **(answer.facts or {}),
        ms=answer.milliseconds,
    )


def _prompt(generation: Generation) -> dict[str, str | int]:
    window = generation.context.window
    return {
        "origin": generation.origin,
        "model": window.model,
        "persona": window.persona,
        "context_messages": len(window.messages),
        "max_tokens": generation.prompt.max_tokens,
    }
