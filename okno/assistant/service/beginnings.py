"""The transaction that begins exchanges of many users at once: all of one is stored, or nothing.

Locks are taken in one order, so that no two transactions can block each other: the users (against
deletion), the preferences, the generations, the conversations, then what billing locks; each kind
by the ids of the users.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from okno.accounts.errors import UserNotFound
from okno.accounts.service import AccountsService
from okno.assistant.dto import CurrentConversation, Generation, Origin, QuestionContext, Repeat
from okno.assistant.errors import AnswerInProgress
from okno.assistant.service.planning import price, prompt
from okno.assistant.service.prompts import Plan
from okno.assistant.service.running import LEASE
from okno.assistant.service.texts import make_title
from okno.assistant.store import AssistantStore
from okno.assistant.store.exchanges import NewExchange
from okno.billing.dto import Hold, HoldRequest
from okno.billing.service import BillingService
from okno.kit.actor import SYSTEM
from okno.kit.batch import Batcher
from okno.kit.clock import Clock
from okno.kit.errors import OknoError
from okno.kit.uow import UnitOfWork
from okno.llm.dto import PromptMessage


class Changed(Exception):
    """What the prompt was planned for is at hand no more, or was a wrong guess."""


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked: `text`, or None to ask the last question once more, which failed.

    `given`: what goes before it instead of the context window. `failed_before`: the question that
    was asked under the key of `repeat` and failed.
    """

    text: str | None
    origin: Origin = Origin.TELEGRAM
    given: tuple[PromptMessage, ...] | None = None
    repeat: Repeat | None = None
    failed_before: int | None = None


@dataclass(frozen=True, slots=True)
class Beginning:
    """An exchange that may begin if at hand is what it was planned for."""

    user_id: int
    generation_id: UUID
    current: CurrentConversation
    question: Question
    plan: Plan
    request: HoldRequest

    def user(self) -> int:
        return self.user_id


Outcome = Generation | Exception
Beginnings = Batcher[Beginning, Generation]


class BeginTogether:
    """Begins exchanges; returns `Changed`, `AnswerInProgress`, `UserNotFound`, billing's errors."""

    def __init__(
        self,
        uow: UnitOfWork,
        store: AssistantStore,
        accounts: AccountsService,
        billing: BillingService,
        clock: Clock,
    ) -> None:
        self._uow = uow
        self._store = store
        self._accounts = accounts
        self._billing = billing
        self._clock = clock

    async def __call__(self, exchanges: Sequence[Beginning]) -> list[Outcome]:
        async with self._uow.begin(keep_plans=True):
            outcomes = await self._check(exchanges)
            open_exchanges = [
                exchange for exchange in exchanges if exchange.user_id not in outcomes
            ]
            holds = await self._reserve(open_exchanges, outcomes)
            paid = [exchange for exchange in open_exchanges if exchange.user_id in holds]
            if paid:
                outcomes.update(await self._store_all(paid, holds))
        return [outcomes[exchange.user_id] for exchange in exchanges]

    async def _check(self, exchanges: Sequence[Beginning]) -> dict[int, Outcome]:
        """Lock what is at hand; return why exchanges can't begin."""
        now = self._clock.now()
        user_ids = [exchange.user_id for exchange in exchanges]
        pinned = await self._accounts.pin_many(SYSTEM, user_ids)
        found = await self._store.preferences.lock_many(user_ids)
        refused: dict[int, Outcome] = {}
        for exchange in exchanges:
            if exchange.user_id not in pinned:
                refused[exchange.user_id] = UserNotFound()
            elif (current := found.get(exchange.user_id)) is None:
                refused[exchange.user_id] = Changed()
            elif current.is_running(now):
                refused[exchange.user_id] = AnswerInProgress()
            elif not _is_as_planned(exchange, current) or await self._is_repeated(exchange):
                refused[exchange.user_id] = Changed()
        return refused

    async def _is_repeated(self, exchange: Beginning) -> bool:
        """Tell whether this was asked, or answered, under its key since the caller has looked."""
        if (repeat := exchange.question.repeat) is None:
            return False
        asked = await self._store.repeats.find(exchange.user_id, repeat.key)
        return asked is not None and (
            asked.question_id != exchange.question.failed_before or asked.is_answered
        )

    async def _reserve(
        self, exchanges: Sequence[Beginning], outcomes: dict[int, Outcome]
    ) -> dict[int, Hold]:
        """Take the holds; whoever gets none has that as the outcome."""
        holds: dict[int, Hold] = {}
        if not exchanges:
            return holds
        asked = [(exchange.user_id, exchange.request) for exchange in exchanges]
        taken = await self._billing.reserve_many(SYSTEM, asked)
        for exchange, hold in zip(exchanges, taken, strict=True):
            if isinstance(hold, Hold):
                holds[exchange.user_id] = hold
            else:
                outcomes[exchange.user_id] = hold if isinstance(hold, OknoError) else Changed()
        return holds

    async def _store_all(
        self, exchanges: Sequence[Beginning], holds: dict[int, Hold]
    ) -> dict[int, Outcome]:
        now = self._clock.now()
        hands = [await self._conversation(exchange) for exchange in exchanges]
        new = [
            _new_exchange(exchange, current, holds[exchange.user_id])
            for exchange, current in zip(exchanges, hands, strict=True)
        ]
        question_ids = await self._store.exchanges.begin(new, now, now + LEASE)
        for exchange, question_id in zip(exchanges, question_ids, strict=True):
            if (repeat := exchange.question.repeat) is not None:
                await self._store.repeats.put(
                    exchange.user_id, repeat.key, repeat.fingerprint, question_id, now
                )
        return {
            exchange.user_id: _generation(exchange, current, holds[exchange.user_id], question_id)
            for exchange, current, question_id in zip(exchanges, hands, question_ids, strict=True)
        }

    async def _conversation(self, exchange: Beginning) -> CurrentConversation:
        """Make the conversation if this is its first question; return what is at hand then."""
        current, question, plan = exchange.current, exchange.question, exchange.plan
        if current.conversation_id is None:
            current = CurrentConversation(
                conversation_id=await self._store.conversations.add(
                    exchange.user_id,
                    make_title(question.text or ""),
                    plan.model.id,
                    plan.persona.id,
                    self._clock.now(),
                ),
                revision=current.revision,
                model=plan.model.id,
                persona=plan.persona.id,
            )
        if question.given is not None and current.conversation_id is not None:
            await self._store.conversations.begin_context(current.conversation_id, question.given)
            current = replace(current, context_cut=False)
        # As the store does it.
        return replace(current, revision=current.revision + 1)


def _is_as_planned(exchange: Beginning, found: CurrentConversation) -> bool:
    """Tell whether nothing has changed, and nothing was left running by a dead process."""
    planned = exchange.current
    return found.generation_id is None and (found.revision, found.conversation_id) == (
        planned.revision,
        planned.conversation_id,
    )


def _new_exchange(exchange: Beginning, current: CurrentConversation, hold: Hold) -> NewExchange:
    if current.conversation_id is None:
        raise RuntimeError("a conversation that was made is not there")
    is_new = exchange.question.text is not None
    return NewExchange(
        user_id=exchange.user_id,
        conversation_id=current.conversation_id,
        text=exchange.question.text,
        question_id=None if is_new else exchange.current.last_question_id,
        generation_id=exchange.generation_id,
        hold_id=hold.id,
        origin=exchange.question.origin,
    )


def _generation(
    exchange: Beginning, current: CurrentConversation, hold: Hold, question_id: int
) -> Generation:
    plan = exchange.plan
    return Generation(
        id=exchange.generation_id,
        user_id=exchange.user_id,
        conversation_id=current.conversation_id or 0,
        question_id=question_id,
        hold_id=hold.id,
        prompt=prompt(plan, hold.max_tokens, exchange.generation_id),
        price=price(plan.model),
        tell_context_cut=plan.window.is_cut and not current.context_cut,
        context=QuestionContext(current, plan.window),
        origin=exchange.question.origin,
        repeat=exchange.question.repeat,
    )
