"""What the assistant counts and logs: ids and numbers, never a text."""

from uuid import UUID

import structlog
from prometheus_client import Counter, Gauge

from okno.assistant.dto import Generation, Interrupted, Message, MessageStatus
from okno.assistant.errors import AnswerInterrupted
from okno.assistant.service.run import Run
from okno.kit.errors import OknoError
from okno.kit.metrics import REGISTRY
from okno.llm.dto import Usage

log = structlog.get_logger(__name__)

ANSWERS = Counter(
    "okno_answers_total",
    "Answers by how they ended: done, truncated, stopped, lost, or the code of the failure.",
    ["outcome"],
    registry=REGISTRY,
)
RUNNING = Gauge(
    "okno_generations_running",
    "Answers that this process is making, those in the queue of a provider among them.",
    multiprocess_mode="livesum",
    registry=REGISTRY,
)


def report_answer(run: Run, message: Message, usage: Usage) -> None:
    ANSWERS.labels(message.status).inc()
    log.info(
        "answer stopped" if message.status is MessageStatus.STOPPED else "answered",
        **_ids(run.generation),
        message_id=message.id,
        status=message.status,
        **_prompt(run.generation),
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        estimated=usage.estimated,
        cost=message.cost,
        **run.facts,
        ms=run.milliseconds,
    )


def report_failure(run: Run, failure: OknoError) -> None:
    ANSWERS.labels(failure.code).inc()
    log.info(
        "answer failed",
        **_ids(run.generation),
        **_prompt(run.generation),
        code=failure.code,
        **run.facts,
        ms=run.milliseconds,
    )


def report_loss(run: Run) -> None:
    """Report an answer that somebody else has ended, or that could not be stored."""
    ANSWERS.labels("lost").inc()
    log.warning("answer lost", **_ids(run.generation), ms=run.milliseconds)


async def report_abandoned(
    generation_id: UUID, interrupted: Interrupted, *, is_failed: bool
) -> None:
    """Report a generation without lease, once it has been ended for certain.

    `is_failed`: it was a dead process that left it, not one that had stored its end.
    """
    if is_failed:
        ANSWERS.labels(AnswerInterrupted.code).inc()
    log.warning(
        "generation abandoned",
        generation=str(generation_id),
        user_id=interrupted.user_id,
        conversation_id=interrupted.conversation_id,
        question_id=interrupted.question_id,
        is_failed=is_failed,
    )


def _ids(generation: Generation) -> dict[str, str | int]:
    return {
        "generation": str(generation.id),
        "user_id": generation.user_id,
        "conversation_id": generation.conversation_id,
        "question_id": generation.question_id,
    }


def _prompt(generation: Generation) -> dict[str, str | int]:
    window = generation.context.window
    return {
        "origin": generation.origin,
        "model": window.model,
        "persona": window.persona,
        "context_messages": len(window.messages),
        "max_tokens": generation.prompt.max_tokens,
    }
