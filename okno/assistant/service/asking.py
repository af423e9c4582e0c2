"""Use cases of asking: in one step a question is stored and its answer is paid for in advance.

Nothing is asked of a model here but, now and then, the number of tokens, and that before the
transaction.
"""

from uuid import UUID, uuid4

import structlog

from okno.assistant.dto import AtHand, Generation, MessageStatus
from okno.assistant.errors import AnswerInProgress, NothingToRetry, QuestionEmpty
from okno.assistant.service.planning import Planner, price, prompt
from okno.assistant.service.prompts import Plan
from okno.assistant.service.report import report_question
from okno.assistant.service.running import LEASE, RunningGenerations
from okno.assistant.service.stops import Stops
from okno.assistant.service.texts import clean, make_title
from okno.assistant.service.windows import ContextWindows
from okno.assistant.store import AssistantStore
from okno.billing.service import BillingService
from okno.kit.actor import Actor
from okno.kit.clock import Clock
from okno.kit.uow import UnitOfWork

log = structlog.get_logger(__name__)

_ATTEMPTS = 3


class _Changed(Exception):
    """What the prompt was planned for is at hand no more."""


class AskingService:
    """Begins answers, and stops them."""

    def __init__(
        self,
        uow: UnitOfWork,
        store: AssistantStore,
        running: RunningGenerations,
        planner: Planner,
        windows: ContextWindows,
        billing: BillingService,
        stops: Stops,
        clock: Clock,
    ) -> None:
        self._uow = uow
        self._store = store
        self._running = running
        self._planner = planner
        self._windows = windows
        self._billing = billing
        self._stops = stops
        self._clock = clock

    async def ask(self, actor: Actor, text: str) -> Generation:
        """Ask in the conversation at hand; the first question of a new one makes it.

        Raises `QuestionEmpty`, `QuestionTooLong`, `AnswerInProgress`, `PaymentRequired`,
        `UserNotFound`.
        """
        question = clean(text)
        if not question.strip():
            raise QuestionEmpty
        return await self._begin(actor, question)

    async def try_again(self, actor: Actor) -> Generation:
        """Ask the last question again, which failed.

        Raises `NothingToRetry`, and what `ask` raises.
        """
        return await self._begin(actor, None)

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

    async def _begin(self, actor: Actor, new_question: str | None) -> Generation:
        """Plan, then store; plan anew when the user did something else in between."""
        for _attempt in range(_ATTEMPTS):
            at_hand, question, available = await self._look(actor, new_question)
            generation_id = uuid4()
            plan = await self._planner.plan(at_hand, question, available, generation_id)
            try:
                generation = await self._reserve(actor, at_hand, new_question, plan, generation_id)
            except _Changed:
                continue
            await self._windows.keep(generation, plan.window)
            report_question(generation, plan, is_new=new_question is not None)
            return generation
        raise AnswerInProgress

    async def _look(self, actor: Actor, new_question: str | None) -> tuple[AtHand, str, int]:
        """Read what is at hand, the question, and how many units can be held for the answer."""
        user_id = actor.require_user()
        async with self._uow.begin():
            at_hand = await self._store.preferences.at_hand(user_id)
            if at_hand.is_running(self._clock.now()):
                raise AnswerInProgress
            question = new_question or await self._unanswered(at_hand)
            balance = await self._billing.balance(actor)
        return at_hand, question, balance.available

    async def _unanswered(self, at_hand: AtHand) -> str:
        question = await self._store.messages.question(at_hand.last_question_id)
        # Nothing is running, so one that is pending was left behind by a dead process.
        if question is None or question.status is MessageStatus.DONE:
            raise NothingToRetry
        return question.text

    async def _reserve(
        self,
        actor: Actor,
        at_hand: AtHand,
        new_question: str | None,
        plan: Plan,
        generation_id: UUID,
    ) -> Generation:
        """Store the question, take the hold, note the generation: all of it or nothing."""
        user_id, now = actor.require_user(), self._clock.now()
        async with self._uow.begin():
            if await self._running.require_none(actor) != at_hand:
                raise _Changed
            conversation_id, question_id = await self._store_question(
                user_id, at_hand, new_question, plan
            )
            hold = await self._billing.reserve(actor, self._planner.request(plan))
            if not await self._store.generations.add(
                id=generation_id,
                user_id=user_id,
                conversation_id=conversation_id,
                question_id=question_id,
                hold_id=hold.id,
                started_at=now,
                lease_until=now + LEASE,
            ):
                raise AnswerInProgress
        return Generation(
            id=generation_id,
            user_id=user_id,
            conversation_id=conversation_id,
            question_id=question_id,
            hold_id=hold.id,
            prompt=prompt(plan, hold.max_tokens, generation_id),
            price=price(plan.model),
            tell_context_cut=plan.window.is_cut and not at_hand.context_cut,
            window=plan.window,
            context_from=at_hand.context_from,
        )

    async def _store_question(
        self, user_id: int, at_hand: AtHand, new_question: str | None, plan: Plan
    ) -> tuple[int, int]:
        """Return the ids of the conversation and of the question."""
        now = self._clock.now()
        conversation_id = at_hand.conversation_id
        if new_question is None:
            question_id = at_hand.last_question_id
            if conversation_id is None or not await self._store.messages.reopen_question(
                question_id
            ):
                raise NothingToRetry
            return conversation_id, question_id
        if conversation_id is None:
            conversation_id = await self._store.conversations.add(
                user_id, make_title(new_question), plan.model.id, plan.persona.id, now
            )
            await self._store.preferences.change(user_id, conversation_id=conversation_id)
        else:
            await self._store.conversations.change(conversation_id, updated_at=now)
        question_id = await self._store.messages.add_question(conversation_id, new_question, now)
        return conversation_id, question_id
