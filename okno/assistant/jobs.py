"""The jobs of the assistant: they end answers of dead processes and forget what is old."""

from dishka import AsyncContainer

from okno.assistant.config import AssistantSettings
from okno.assistant.dto import Origin
from okno.assistant.service import AbandonedGenerations, HousekeepingService
from okno.kit.actor import SYSTEM
from okno.kit.jobs import Done, Job


async def end_interrupted(container: AsyncContainer) -> Done:
    """Fail the questions of killed processes that came over HTTP: nobody waits to be told."""
    abandoned = await container.get(AbandonedGenerations)
    return {"ended": len(await abandoned.end_all(SYSTEM, Origin.HTTP))}


async def forget_repeats(container: AsyncContainer) -> Done:
    """Delete idempotency keys that no client repeats any more."""
    housekeeping = await container.get(HousekeepingService)
    return {"deleted": await housekeeping.forget_repeats(SYSTEM)}


async def forget_conversations(container: AsyncContainer) -> Done:
    """Delete the conversations that nobody has touched for `ASSISTANT_RETENTION_DAYS`; 0: none."""
    days = (await container.get(AssistantSettings)).retention_days
    housekeeping = await container.get(HousekeepingService)
    return {"deleted": await housekeeping.delete_untouched(SYSTEM, days)}


JOBS = (
    Job("end-interrupted", "* * * * *", end_interrupted),
    Job("forget-repeats", "20 * * * *", forget_repeats),
    Job("forget-conversations", "30 3 * * *", forget_conversations),
)
