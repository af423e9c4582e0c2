"""The assistant's part when two accounts become one."""

from okno.assistant.service.running import RunningGenerations
from okno.assistant.store.joining import JoiningStore
from okno.kit.actor import Actor, Role


class AssistantBelongings:
    """Conversations, what was asked once, and choices that the other account has not made."""

    def __init__(self, running: RunningGenerations, store: JoiningStore) -> None:
        self._running = running
        self._store = store

    async def move(self, source: int, target: int) -> None:
        """See `okno.accounts.port.Belongings`. Raises `AnswerInProgress`."""
        for user_id in sorted((source, target)):
            await self._running.require_none(Actor(Role.USER, user_id))
        await self._store.move_conversations(source, target)
        await self._store.move_asked_once(source, target)
        await self._store.move_preferences(source, target)
