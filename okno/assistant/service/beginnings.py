"""The transaction that begins turns, for many users at once: all of a turn is stored, or nothing.

Locks are taken in one order, so that no two transactions can block each other: the users (against
deletion), the preferences, the generations, the conversations, then what billing locks; each kind
by the ids of the users.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from okno.accounts.errors import UserNotFound
from okno.accounts.service import AccountsService
from okno.assistant.dto import AtHand, Generation, Origin, Repeat, Situation
from okno.assistant.errors import AnswerInProgress
from okno.assistant.service.planning import price, prompt
from okno.assistant.service.prompts import Plan
from okno.assistant.service.running import LEASE
from okno.assistant.service.texts import make_title
from okno.assistant.store import AssistantStore
from okno.assistant.store.turns import NewTurn
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
    """A turn that may begin if at hand is what it was planned for."""

    user_id: int
    generation_id: UUID
    at_hand: AtHand
    question: Question
    plan: Plan
    request: HoldRequest

    def user(self) -> int:
        return self.user_id


Outcome = Generation | Exception
Beginnings = Batcher[Beginning, Generation]


class BeginTogether:
    """Begins turns; in its outcomes `Changed`, `AnswerInProgress`, `UserNotFound`, billing's."""

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

    async def __call__(self, turns: Sequence[Beginning]) -> list[Outcome]:
        async with self._uow.begin():
            outcomes = await self._check(turns)
            open_turns = [turn for turn in turns if turn.user_id not in outcomes]
            holds = await self._reserve(open_turns, outcomes)
            paid = [turn for turn in open_turns if turn.user_id in holds]
            if paid:
                outcomes.update(await self._store_all(paid, holds))
        return [outcomes[turn.user_id] for turn in turns]

    async def _check(self, turns: Sequence[Beginning]) -> dict[int, Outcome]:
        """Lock what is at hand; return why turns can't begin."""
        now = self._clock.now()
        user_ids = [turn.user_id for turn in turns]
        pinned = await self._accounts.pin_many(SYSTEM, user_ids)
        found = await self._store.preferences.lock_many(user_ids)
        refused: dict[int, Outcome] = {}
        for turn in turns:
            if turn.user_id not in pinned:
                refused[turn.user_id] = UserNotFound()
            elif (at_hand := found.get(turn.user_id)) is None:
                refused[turn.user_id] = Changed()
            elif at_hand.is_running(now):
                refused[turn.user_id] = AnswerInProgress()
            elif not _is_as_planned(turn, at_hand) or await self._is_repeated(turn):
                refused[turn.user_id] = Changed()
        return refused

    async def _is_repeated(self, turn: Beginning) -> bool:
        """Tell whether this was asked, or answered, under its key since the caller has looked."""
        if (repeat := turn.question.repeat) is None:
            return False
        asked = await self._store.repeats.find(turn.user_id, repeat.key)
        return asked is not None and (
            asked.question_id != turn.question.failed_before or asked.is_answered
        )

    async def _reserve(
        self, turns: Sequence[Beginning], outcomes: dict[int, Outcome]
    ) -> dict[int, Hold]:
        """Take the holds; whoever gets none has that as the outcome."""
        holds: dict[int, Hold] = {}
        if not turns:
            return holds
        asked = [(turn.user_id, turn.request) for turn in turns]
        taken = await self._billing.reserve_many(SYSTEM, asked)
        for turn, hold in zip(turns, taken, strict=True):
            if isinstance(hold, Hold):
                holds[turn.user_id] = hold
            else:
                outcomes[turn.user_id] = hold if isinstance(hold, OknoError) else Changed()
        return holds

    async def _store_all(
        self, turns: Sequence[Beginning], holds: dict[int, Hold]
    ) -> dict[int, Outcome]:
        now = self._clock.now()
        hands = [await self._conversation(turn) for turn in turns]
        new = [
            _new_turn(turn, at_hand, holds[turn.user_id])
            for turn, at_hand in zip(turns, hands, strict=True)
        ]
        question_ids = await self._store.turns.begin(new, now, now + LEASE)
        for turn, question_id in zip(turns, question_ids, strict=True):
            if (repeat := turn.question.repeat) is not None:
                await self._store.repeats.put(
                    turn.user_id, repeat.key, repeat.fingerprint, question_id, now
                )
        return {
            turn.user_id: _generation(turn, at_hand, holds[turn.user_id], question_id)
            for turn, at_hand, question_id in zip(turns, hands, question_ids, strict=True)
        }

    async def _conversation(self, turn: Beginning) -> AtHand:
        """Make the conversation if this is its first question; return what is at hand then."""
        at_hand, question, plan = turn.at_hand, turn.question, turn.plan
        if at_hand.conversation_id is None:
            at_hand = AtHand(
                conversation_id=await self._store.conversations.add(
                    turn.user_id,
                    make_title(question.text or ""),
                    plan.model.id,
                    plan.persona.id,
                    self._clock.now(),
                ),
                revision=at_hand.revision,
                model=plan.model.id,
                persona=plan.persona.id,
            )
        if question.given is not None and at_hand.conversation_id is not None:
            await self._store.conversations.begin_context(at_hand.conversation_id, question.given)
            at_hand = replace(at_hand, context_cut=False)
        # As the store does it.
        return replace(at_hand, revision=at_hand.revision + 1)


def _is_as_planned(turn: Beginning, found: AtHand) -> bool:
    """Tell whether nothing has changed, and nothing was left running by a dead process."""
    planned = turn.at_hand
    return found.generation_id is None and (found.revision, found.conversation_id) == (
        planned.revision,
        planned.conversation_id,
    )


def _new_turn(turn: Beginning, at_hand: AtHand, hold: Hold) -> NewTurn:
    if at_hand.conversation_id is None:
        raise RuntimeError("a conversation that was made is not there")
    is_new = turn.question.text is not None
    return NewTurn(
        user_id=turn.user_id,
        conversation_id=at_hand.conversation_id,
        text=turn.question.text,
        question_id=None if is_new else turn.at_hand.last_question_id,
        generation_id=turn.generation_id,
        hold_id=hold.id,
        origin=turn.question.origin,
    )


def _generation(turn: Beginning, at_hand: AtHand, hold: Hold, question_id: int) -> Generation:
    plan = turn.plan
    return Generation(
        id=turn.generation_id,
        user_id=turn.user_id,
        conversation_id=at_hand.conversation_id or 0,
        question_id=question_id,
        hold_id=hold.id,
        prompt=prompt(plan, hold.max_tokens, turn.generation_id),
        price=price(plan.model),
        tell_context_cut=plan.window.is_cut and not at_hand.context_cut,
        situation=Situation(at_hand, plan.window),
        origin=turn.question.origin,
        repeat=turn.question.repeat,
    )
