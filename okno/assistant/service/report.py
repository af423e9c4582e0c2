"""Reports how an answer ended, in metrics and log: ids and numbers, never a text."""

import structlog

from okno.assistant.dto import Generation, Message, MessageStatus
from okno.assistant.service.metrics import ANSWERS
from okno.assistant.service.run import ConversationRun
from okno.kit.errors import OknoError
from okno.llm.dto import Usage

log = structlog.get_logger(__name__)


def report_answer(run: ConversationRun, message: Message, usage: Usage) -> None:
    ANSWERS.labels(message.status).inc()
    log.info(
        "answer stopped" if message.status is MessageStatus.STOPPED else "answered",
        **run.ids,
        message_id=message.id,
        status=message.status,
        **_prompt(run.generation),
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        estimated=usage.estimated,
        cost=message.cost,
        **(run.facts or {}),
        ms=run.milliseconds,
    )


def report_failure(run: ConversationRun, failure: OknoError) -> None:
    ANSWERS.labels(failure.code).inc()
    log.info(
        "answer failed",
        **run.ids,
        **_prompt(run.generation),
        code=failure.code,
        **(run.facts or {}),
        ms=run.milliseconds,
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
