"""Use cases of choosing: which conversation goes on, with which context, model and persona."""

from collections.abc import Sequence

from okno.assistant.dto import CurrentConversation
from okno.assistant.errors import ChoiceNotOffered, ConversationNotFound
from okno.assistant.service.contexts import QuestionContexts
from okno.assistant.service.texts import make_title
from okno.assistant.service.windows import checked
from okno.assistant.store import AssistantStore
from okno.kit.actor import Actor
from okno.kit.clock import Clock
from okno.kit.uow import UnitOfWork
from okno.llm.dto import PromptMessage, PromptRole
from okno.llm.service import LanguageModels


class ChoicesService:
    """Changes where the acting user's next question goes."""

    def __init__(
        self,
        uow: UnitOfWork,
        store: AssistantStore,
        contexts: QuestionContexts,
        models: LanguageModels,
        clock: Clock,
    ) -> None:
        self._uow = uow
        self._store = store
        self._contexts = contexts
        self._models = models
        self._clock = clock

    async def new(self, actor: Actor) -> None:
        """Begin a new conversation with the next question. Raises `AnswerInProgress`."""
        async with self._uow.begin():
            await self._contexts.lock_idle(actor)
            await self._store.preferences.change(actor.require_user(), conversation_id=None)

    async def open(self, actor: Actor, conversation_id: int) -> None:
        """Continue a conversation. Raises `AnswerInProgress`, `ConversationNotFound`."""
        user_id = actor.require_user()
        async with self._uow.begin():
            await self._contexts.lock_idle(actor)
            if await self._store.conversations.get(user_id, conversation_id) is None:
                raise ConversationNotFound
            await self._store.preferences.change(user_id, conversation_id=conversation_id)

    async def replace_context(self, actor: Actor, messages: Sequence[PromptMessage]) -> None:
        """Put these messages alone before the next question; the history keeps the others.

        Raises `AnswerInProgress`, `ContextTooLong`, `UserNotFound`.
        """
        given = checked(messages)
        user_id = actor.require_user()
        async with self._uow.begin():
            current = await self._contexts.lock_idle(actor)
            conversation_id = current.conversation_id
            if conversation_id is None and given:
                conversation_id = await self._make(user_id, current, given)
            if conversation_id is not None:
                await self._store.conversations.begin_context(conversation_id, given)
                await self._store.preferences.change(user_id, conversation_id=conversation_id)

    async def reset_context(self, actor: Actor) -> None:
        """Put nothing before the next question; the history keeps the conversation.

        Raises `AnswerInProgress`.
        """
        await self.replace_context(actor, ())

    async def choose_model(self, actor: Actor, model_id: str) -> None:
        """Ask another model from now on. Raises `ChoiceNotOffered`."""
        if all(model.id != model_id for model in self._models.models()):
            raise ChoiceNotOffered
        await self._choose(actor, model=model_id)

    async def choose_persona(self, actor: Actor, persona_id: str) -> None:
        """Ask another persona from now on. Raises `ChoiceNotOffered`."""
        if all(persona.id != persona_id for persona in self._models.personas()):
            raise ChoiceNotOffered
        await self._choose(actor, persona=persona_id)

    async def _choose(self, actor: Actor, **choice: str) -> None:
        """Choose for new conversations and for the current one."""
        async with self._uow.begin():
            user_id = await self._contexts.lock(actor)
            await self._store.preferences.change(user_id, **choice)
            conversation_id = (await self._store.preferences.current(user_id)).conversation_id
            if conversation_id is not None:
                await self._store.conversations.change(conversation_id, **choice)

    async def _make(
        self, user_id: int, current: CurrentConversation, given: Sequence[PromptMessage]
    ) -> int:
        """Make a conversation that begins with what a client has given."""
        said = next((one.text for one in given if one.role is PromptRole.USER), given[0].text)
        return await self._store.conversations.add(
            user_id,
            make_title(said),
            self._models.model(current.model).id,
            self._models.persona(current.persona).id,
            self._clock.now(),
        )
