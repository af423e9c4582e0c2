"""The jobs of the assistant: they end answers of dead processes and forget what is old."""

from dishka import AsyncContainer

from okno.assistant.config import AssistantSettings
from okno.assistant.dto import Origin
from okno.assistant.service import AnsweringService, ConversationsService
from okno.kit.actor import SYSTEM
from okno.kit.jobs import Done, Job


async def end_interrupted(container: AsyncContainer) -> Done:
    """Fail the questions of killed processes that came over HTTP: nobody waits to be told."""
    answering = await container.get(AnsweringService)
    return {"ended": len(await answering.end_abandoned(SYSTEM, Origin.HTTP))}


async def forget_repeats(container: AsyncContainer) -> Done:
    """Delete idempotency keys that no client repeats any more."""
    conversations = await container.get(ConversationsService)
    return {"deleted": await conversations.forget_repeats(SYSTEM)}


async def forget_conversations(container: AsyncContainer) -> Done:
    """Delete the conversations that nobody has touched for `ASSISTANT_RETENTION_DAYS`; 0: none."""
    days = (await container.get(AssistantSettings)).retention_days
    conversations = await container.get(ConversationsService)
    return {"deleted": await conversations.delete_untouched(SYSTEM, days)}


JOBS = (
    Job("end-interrupted", "* * * * *", end_interrupted),
    Job("forget-repeats", "20 * * * *", forget_repeats),
    Job("forget-conversations", "30 3 * * *", forget_conversations),
)
