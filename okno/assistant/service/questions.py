"""Use cases of questions: each is stored, and its answer is paid for in advance.

The answer itself is generated afterwards: see `generate`.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import overload

import structlog

from okno.assistant.dto import Answered, Generation, Origin, QuestionContext, Repeat
from okno.assistant.errors import AnswerInProgress, QuestionEmpty, RepeatDiffers
from okno.assistant.service.begin import ContextChanged, GenerationBeginner
from okno.assistant.service.contexts import QuestionContexts
from okno.assistant.service.planning import Planner
from okno.assistant.service.texts import clean
from okno.assistant.service.watch import GenerationWatch
from okno.assistant.service.windows import checked, window_of
from okno.assistant.steps import Question
from okno.assistant.store import AssistantStore
from okno.kit.actor import Actor
from okno.kit.clock import Clock
from okno.kit.uow import UnitOfWork
from okno.llm.dto import PromptMessage

log = structlog.get_logger(__name__)

_ATTEMPTS = 4
"""The context of the first may be a wrong guess."""


class QuestionsService:
    """Begins answers, and stops them."""

    def __init__(
        self,
        uow: UnitOfWork,
        store: AssistantStore,
        contexts: QuestionContexts,
        planner: Planner,
        beginner: GenerationBeginner,
        watch: GenerationWatch,
        clock: Clock,
    ) -> None:
        self._uow = uow
        self._store = store
        self._contexts = contexts
        self._planner = planner
        self._beginner = beginner
        self._watch = watch
        self._clock = clock

    @overload
    async def ask(
        self,
        actor: Actor,
        text: str,
        *,
        origin: Origin = ...,
        context: Sequence[PromptMessage] | None = ...,
        repeat: None = ...,
    ) -> Generation: ...

    @overload
    async def ask(
        self,
        actor: Actor,
        text: str,
        *,
        origin: Origin = ...,
        context: Sequence[PromptMessage] | None = ...,
        repeat: Repeat | None,
    ) -> Generation | Answered: ...

    async def ask(
        self,
        actor: Actor,
        text: str,
        *,
        origin: Origin = Origin.TELEGRAM,
        context: Sequence[PromptMessage] | None = None,
        repeat: Repeat | None = None,
    ) -> Generation | Answered:
        """Ask in the current conversation; the first question of a new one makes it.

        `context` goes before the question instead of the stored one, and is stored. With `repeat`
        a question that was answered before is answered at once. Raises `QuestionEmpty`,
        `QuestionTooLong`, `ContextTooLong`, `AnswerInProgress`, `RepeatDiffers`,
        `PaymentRequired`, `BudgetSpent`, `UserNotFound`.
        """
        cleaned = clean(text)
        if not cleaned.strip():
            raise QuestionEmpty
        given = None if context is None else checked(context)
        question = Question(actor, cleaned, origin, given, repeat)
        guessed = await self._contexts.guess(actor)
        for _attempt in range(_ATTEMPTS):
            if repeat is not None:
                found = await self._find_repeat(actor, repeat)
                if isinstance(found, Answered):
                    return found
                question = replace(question, failed_before=found)
            try:
                return await self._begin(question, guessed or await self._contexts.read(actor))
            except ContextChanged:
                guessed = None
        raise AnswerInProgress

    async def try_again(self, actor: Actor) -> Generation:
        """Ask the last question again, which failed.

        Raises `NothingToRetry`, and what `ask` raises.
        """
        for _attempt in range(_ATTEMPTS):
            context, failed = await self._contexts.read_failed(actor)
            try:
                return await self._begin(
                    Question(actor, failed.text, retried_id=failed.id), context
                )
            except ContextChanged:
                continue
        raise AnswerInProgress

    async def stop(self, actor: Actor) -> bool:
        """End the running answer where it is; False when there is none."""
        user_id = actor.require_user()
        async with self._uow.begin():
            generation_id = await self._store.generations.ask_to_stop(user_id, self._clock.now())
        if generation_id is None:
            return False
        await self._watch.send_stop(generation_id)
        log.info("stop asked for", user_id=user_id, generation=str(generation_id))
        return True

    async def _begin(self, question: Question, context: QuestionContext) -> Generation:
        """Plan and begin. Raises `ContextChanged` when the context is not the current one."""
        if question.given is not None:
            context = replace(context, window=window_of(question.given))

        plan = await self._planner.plan(question, context)
        return await self._planner.begin(plan, self._beginner.begin)

    async def _find_repeat(self, actor: Actor, repeat: Repeat) -> Answered | int | None:
        """Find what was asked under this key before: its answer, or the id of its question.

        A question has no answer when it failed or is still being answered. Raises `RepeatDiffers`.
        """
        async with self._uow.begin():
            asked = await self._store.repeats.find(actor.require_user(), repeat.key)
            if asked is None:
                return None
            if asked.fingerprint != repeat.fingerprint:
                raise RepeatDiffers
            found = await self._store.messages.answer_to(asked.question_id)
        if found is None:
            return asked.question_id
        message, usage = found
        return Answered(message, usage, asked.context or ())
