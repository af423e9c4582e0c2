"""Use cases of asking: in one step a question is stored and its answer is paid for in advance.

Nothing is asked of a model here but, now and then, the number of tokens, and that before the
transaction.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import overload
from uuid import uuid4

import structlog

from okno.assistant.dto import Answered, Generation, Origin, QuestionContext, Repeat
from okno.assistant.errors import AnswerInProgress, QuestionEmpty
from okno.assistant.service.beginnings import Beginning, Beginnings, Changed, Question
from okno.assistant.service.contexts import QuestionContexts
from okno.assistant.service.planning import Planner
from okno.assistant.service.prompts import Plan
from okno.assistant.service.repeats import Repeats
from okno.assistant.service.stops import Stops
from okno.assistant.service.texts import clean
from okno.assistant.service.windows import checked, window_of
from okno.assistant.store import AssistantStore
from okno.billing.errors import BudgetSpent, PaymentRequired
from okno.kit.actor import Actor
from okno.kit.clock import Clock
from okno.kit.uow import UnitOfWork
from okno.llm.dto import PromptMessage

log = structlog.get_logger(__name__)

_ATTEMPTS = 4
"""The first may be a wrong guess."""


class QuestionsService:
    """Begins answers, and stops them."""

    def __init__(
        self,
        uow: UnitOfWork,
        store: AssistantStore,
        contexts: QuestionContexts,
        repeats: Repeats,
        planner: Planner,
        beginnings: Beginnings,
        stops: Stops,
        clock: Clock,
    ) -> None:
        self._uow = uow
        self._store = store
        self._contexts = contexts
        self._repeats = repeats
        self._planner = planner
        self._beginnings = beginnings
        self._stops = stops
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
        api_key_id: int | None = ...,
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
        api_key_id: int | None = ...,
    ) -> Generation | Answered: ...

    async def ask(
        self,
        actor: Actor,
        text: str,
        *,
        origin: Origin = Origin.TELEGRAM,
        context: Sequence[PromptMessage] | None = None,
        repeat: Repeat | None = None,
        api_key_id: int | None = None,
    ) -> Generation | Answered:
        """Ask in the conversation at hand; the first question of a new one makes it.

        `context` goes before the question instead of the stored one, and is stored. With `repeat`
        a question that was answered before is answered at once. `api_key_id`: whose budget pays,
        too. Raises `QuestionEmpty`, `QuestionTooLong`, `ContextTooLong`, `AnswerInProgress`,
        `RepeatDiffers`, `PaymentRequired`, `BudgetSpent`, `UserNotFound`.
        """
        cleaned = clean(text)
        if not cleaned.strip():
            raise QuestionEmpty
        given = None if context is None else checked(context)
        return await self._begin(actor, Question(cleaned, origin, given, repeat), api_key_id)

    async def try_again(self, actor: Actor) -> Generation:
        """Ask the last question again, which failed.

        Raises `NothingToRetry`, and what `ask` raises.
        """
        for _attempt in range(_ATTEMPTS):
            context, text = await self._contexts.read_failed(actor)
            try:
                return await self._plan_and_begin(actor, context, text, Question(None), None)
            except Changed:
                continue
        raise AnswerInProgress

    async def stop(self, actor: Actor) -> bool:
        """End the running answer where it is; False when there is none."""
        user_id = actor.require_user()
        async with self._uow.begin():
            generation_id = await self._store.generations.ask_to_stop(user_id, self._clock.now())
        if generation_id is None:
            return False
        await self._stops.send(generation_id)
        log.info("stop asked for", user_id=user_id, generation=str(generation_id))
        return True

    async def _begin(
        self, actor: Actor, question: Question, api_key_id: int | None
    ) -> Generation | Answered:
        """Plan, then store; plan anew when the user did something else in between."""
        context = await self._contexts.guess(actor.require_user())
        for _attempt in range(_ATTEMPTS):
            if question.repeat is not None:
                found = await self._repeats.find(actor, question.repeat)
                if isinstance(found, Answered):
                    return found
                question = replace(question, failed_before=found)
            context = context or await self._contexts.read(actor)
            if question.given is not None:
                context = replace(context, window=window_of(question.given))
            try:
                text = question.text or ""
                return await self._plan_and_begin(actor, context, text, question, api_key_id)
            except Changed:
                context = None
        raise AnswerInProgress

    async def _plan_and_begin(
        self,
        actor: Actor,
        context: QuestionContext,
        text: str,
        question: Question,
        api_key_id: int | None,
    ) -> Generation:
        """Begin with a bound of the tokens, which takes no request; count them if it can't pay."""
        generation_id = uuid4()
        plan = await self._planner.plan(context, text, generation_id)

        async def begin(plan: Plan) -> Generation:
            return await self._beginnings.do(
                Beginning(
                    user_id=actor.require_user(),
                    generation_id=generation_id,
                    current=context.current,
                    question=question,
                    plan=plan,
                    request=self._planner.request(plan, api_key_id),
                )
            )

        try:
            return await begin(plan)
        except (PaymentRequired, BudgetSpent):
            if plan.is_counted:
                raise
            return await begin(await self._planner.count(plan, generation_id))
