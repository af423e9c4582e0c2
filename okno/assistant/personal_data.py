"""Moves, deletes and exports the data that the assistant keeps for a user."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

from okno.assistant.cache import ContextCache
from okno.assistant.dto import ConversationExport
from okno.assistant.errors import ConversationNotFound
from okno.assistant.service import ConversationsService
from okno.assistant.service.contexts import QuestionContexts
from okno.assistant.store.joining import JoiningStore
from okno.kit.actor import Actor, Role
from okno.kit.page import all_items
from okno.kit.uow import UnitOfWork


class AssistantData:
    """Conversations, idempotency keys and preferences."""

    def __init__(
        self,
        uow: UnitOfWork,
        store: JoiningStore,
        contexts: QuestionContexts,
        cache: ContextCache,
        conversations: ConversationsService,
    ) -> None:
        self._uow = uow
        self._store = store
        self._contexts = contexts
        self._cache = cache
        self._conversations = conversations

    async def move(self, source: int, target: int) -> None:
        """Raise `AnswerInProgress` while an answer is generated for one of the accounts."""
        for user_id in sorted((source, target)):
            await self._contexts.lock_idle(Actor(Role.USER, user_id))
        await self._store.move_conversations(source, target)
        await self._store.move_asked_once(source, target)
        await self._store.move_preferences(source, target)

    async def forget(self, user_id: int) -> None:
        """Drop the cached context, which holds the last messages."""
        self._uow.after_commit(partial(self._cache.drop, user_id))

    async def export(self, actor: Actor) -> Mapping[str, Any]:
        return {"conversations": [asdict(one) async for one in self._exported(actor)]}

    async def _exported(self, actor: Actor) -> AsyncIterator[ConversationExport]:
        async for conversation in all_items(partial(self._conversations.list, actor)):
            try:
                yield await self._conversations.export(actor, conversation.id)
            except ConversationNotFound:  # deleted meanwhile
                continue
