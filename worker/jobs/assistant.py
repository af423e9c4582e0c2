"""What the assistant needs done: old conversations forgotten, where the operator wants that."""

from dishka import AsyncContainer

from okno.assistant.service import ConversationsService
from okno.kit.actor import SYSTEM
from okno.settings import Settings
from worker.job import Done


async def forget_conversations(scope: AsyncContainer) -> Done:
    """Delete the conversations that nobody has touched for `ASSISTANT_RETENTION_DAYS`; 0: none."""
    days = (await scope.get(Settings)).assistant.retention_days
    conversations = await scope.get(ConversationsService)
    return {"deleted": await conversations.delete_untouched(SYSTEM, days)}
