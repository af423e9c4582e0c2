"""The second step of an answer: question, hold and generation are stored, all of them or none.

Many users begin in one transaction. Locks are taken in one order, so that no two transactions can
block each other: the users (against deletion), the preferences, the generations, the conversations,
then what billing locks; each kind by the ids of the users.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from okno.accounts.errors import UserNotFound
from okno.accounts.service import AccountsService
from okno.assistant.dto import CurrentConversation, Generation, QuestionContext
from okno.assistant.errors import AnswerInProgress
from okno.assistant.service.texts import make_title
from okno.assistant.steps import QuestionPlan
from okno.assistant.store import AssistantStore
from okno.billing.dto import Hold
from okno.billing.service import BillingService
from okno.kit.actor import SYSTEM
from okno.kit.batch import Batcher, isolate_failures
from okno.kit.clock import Clock
from okno.kit.errors import OknoError
from okno.kit.nursery import Nursery
from okno.kit.timeouts import GENERATION_LEASE_SECONDS
from okno.kit.uow import UnitOfWork

_LEASE = timedelta(seconds=GENERATION_LEASE_SECONDS)
_PURPOSE = "answer"
_MAX_QUESTIONS_AT_ONCE = 100
"""Every user of a transaction waits for the slowest."""


class ContextChanged(Exception):
    """The question was planned for another state of the current conversation."""


class GenerationBeginner:
    """Begins generations, those of many users in one transaction."""

    def __init__(
        self,
        uow: UnitOfWork,
        store: AssistantStore,
        accounts: AccountsService,
        billing: BillingService,
        nursery: Nursery,
        clock: Clock,
    ) -> None:
        self._uow = uow
        self._store = store
        self._accounts = accounts
        self._billing = billing
        self._clock = clock
        self._batches: Batcher[QuestionPlan, Generation] = Batcher(
            isolate_failures(self._begin_many),
            nursery,
            most=_MAX_QUESTIONS_AT_ONCE,
            key=lambda plan: plan.user_id,
        )

    async def begin(self, plan: QuestionPlan) -> Generation:
        """Store the question and take its hold.

        Raises `ContextChanged`, `AnswerInProgress`, `PaymentRequired`, `BudgetSpent`,
        `UserNotFound`.
        """
        return await self._batches.do(plan)

    async def _begin_many(self, plans: Sequence[QuestionPlan]) -> list[Generation | Exception]:
        async with self._uow.begin(keep_plans=True):
            results: dict[int, Generation | Exception] = dict(await self._refuse(plans))
            accepted = [one for one in plans if one.user_id not in results]
            holds = await self._reserve(accepted, results)
            paid = [one for one in accepted if one.user_id in holds]
            if paid:
                results.update(await self._store_all(paid, [holds[one.user_id] for one in paid]))
        return [results[one.user_id] for one in plans]

    async def _refuse(self, plans: Sequence[QuestionPlan]) -> dict[int, Exception]:
        """Lock the current conversations; return why questions can't begin, by user."""
        now = self._clock.now()
        user_ids = [one.user_id for one in plans]
        pinned = await self._accounts.pin_many(SYSTEM, user_ids)
        found = await self._store.preferences.lock_many(user_ids)
        refused: dict[int, Exception] = {}
        for one in plans:
            if one.user_id not in pinned:
                refused[one.user_id] = UserNotFound()
            elif (current := found.get(one.user_id)) is None:
                refused[one.user_id] = ContextChanged()
            elif current.is_running(now):
                refused[one.user_id] = AnswerInProgress()
            elif not _is_as_planned(one, current) or await self._was_asked_since(one):
                refused[one.user_id] = ContextChanged()
        return refused

    async def _was_asked_since(self, plan: QuestionPlan) -> bool:
        """Return whether this was asked or answered under its key since the caller looked."""
        if (repeat := plan.question.repeat) is None:
            return False
        asked = await self._store.repeats.find(plan.user_id, repeat.key)
        return asked is not None and (
            asked.question_id != plan.question.failed_before or asked.is_answered
        )

    async def _reserve(
        self, plans: Sequence[QuestionPlan], results: dict[int, Generation | Exception]
    ) -> dict[int, Hold]:
        """Take the holds, by user; the errors of those who get none go to `results`."""
        holds: dict[int, Hold] = {}
        if not plans:
            return holds
        taken = await self._billing.reserve_many(
            SYSTEM, [(one.user_id, one.hold_request(one.question.actor, _PURPOSE)) for one in plans]
        )
        for one, hold in zip(plans, taken, strict=True):
            if isinstance(hold, Hold):
                holds[one.user_id] = hold
            else:
                results[one.user_id] = hold if isinstance(hold, OknoError) else ContextChanged()
        return holds

    async def _store_all(
        self, plans: Sequence[QuestionPlan], holds: Sequence[Hold]
    ) -> dict[int, Generation]:
        now = self._clock.now()
        conversations = [await self._conversation(one) for one in plans]
        ids = [conversation_id for conversation_id, _ in conversations]
        question_ids = await self._store.exchanges.begin(plans, ids, holds, now, now + _LEASE)
        for one, question_id in zip(plans, question_ids, strict=True):
            if (repeat := one.question.repeat) is not None:
                await self._store.repeats.put(
                    one.user_id, repeat.key, repeat.fingerprint, question_id, now
                )
        return {
            one.user_id: _generation(one, conversation_id, current, hold, question_id)
            for one, (conversation_id, current), hold, question_id in zip(
                plans, conversations, holds, question_ids, strict=True
            )
        }

    async def _conversation(self, plan: QuestionPlan) -> tuple[int, CurrentConversation]:
        """Make the conversation if this is its first question; return it as it is then."""
        current, window = plan.current, plan.window
        conversation_id = current.conversation_id
        if conversation_id is None:
            conversation_id = await self._store.conversations.add(
                plan.user_id,
                make_title(plan.question.text),
                window.model,
                window.persona,
                self._clock.now(),
            )
            current = CurrentConversation(
                revision=current.revision,
                conversation_id=conversation_id,
                model=window.model,
                persona=window.persona,
            )
        if (given := plan.question.given) is not None:
            await self._store.conversations.begin_context(conversation_id, given)
            current = replace(current, context_cut=False)
        # The store counts the revision in the same way.
        return conversation_id, replace(current, revision=current.revision + 1)


def _is_as_planned(plan: QuestionPlan, found: CurrentConversation) -> bool:
    """Return whether nothing has changed, and no process that died has left a generation."""
    return found.generation_id is None and (found.revision, found.conversation_id) == (
        plan.current.revision,
        plan.current.conversation_id,
    )


def _generation(
    plan: QuestionPlan,
    conversation_id: int,
    current: CurrentConversation,
    hold: Hold,
    question_id: int,
) -> Generation:
    question = plan.question
    return Generation(
        id=plan.prompt.request_id,
        user_id=plan.user_id,
        conversation_id=conversation_id,
        question_id=question_id,
        hold_id=hold.id,
        prompt=replace(plan.prompt, max_tokens=hold.max_tokens),
        price=plan.price,
        tell_context_cut=plan.window.is_cut and not current.context_cut,
        context=QuestionContext(current, plan.window),
        origin=question.origin,
        repeat=question.repeat,
    )
