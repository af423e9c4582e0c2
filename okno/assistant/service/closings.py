"""The transaction that ends exchanges: answers are stored and settled, or holds released.

It does nothing for a generation that is not ours any more: it was taken over, or its user is gone.
A repeat does nothing: the first commit may have worked without our hearing of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from okno.accounts.service import AccountsService
from okno.assistant.dto import Generation, Message, MessageRole, MessageStatus
from okno.assistant.store import AssistantStore
from okno.assistant.store.exchanges import Failure, NewAnswer
from okno.billing.dto import Settlement
from okno.billing.service import BillingService
from okno.kit.actor import SYSTEM
from okno.kit.batch import Batcher
from okno.kit.clock import Clock
from okno.kit.uow import UnitOfWork
from okno.llm.dto import PromptMessage, Usage

_NO_USAGE = Usage(0, 0)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a generation ends: with an answer, or with the code of a failure as `text`.

    `cost`: units; None: it failed. `question_tokens`: what the question added to the prompt, where
    that is known. `is_told`: whoever asked knows of the end, or need not. `is_repeat`: it was tried
    before. `context`: the window with the answer in it.
    """

    generation: Generation
    at: datetime
    text: str
    status: MessageStatus
    cost: int | None = None
    usage: Usage = _NO_USAGE
    model_version: str | None = None
    question_tokens: int | None = None
    context: tuple[PromptMessage, ...] = ()
    is_told: bool = True
    is_repeat: bool = False

    def user(self) -> int:
        return self.generation.user_id


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of it; `is_ours`: the end is stored, by this attempt or by one before."""

    is_ours: bool
    message: Message | None = None


Closings = Batcher[Ending, Ended]


class CloseTogether:
    """Ends generations of many users at once."""

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

    async def __call__(self, endings: Sequence[Ending]) -> list[Ended]:
        async with self._uow.begin(keep_plans=True):
            done = await self._done_before(endings)
            ours = await self._take([one for one in endings if one.user() not in done])
            charges = await self._settle(ours)
            await self._fail([one for one in ours if one.cost is None])
            answered = [one for one in ours if one.cost is not None]
            done.update({one.user(): Ended(is_ours=True) for one in ours})
            done.update(await self._answer(answered, charges))
        return [done.get(one.user()) or _not_ours(one) for one in endings]

    async def _done_before(self, endings: Sequence[Ending]) -> dict[int, Ended]:
        """Find the answers that attempts before have stored."""
        done = {}
        for ending in endings:
            if not ending.is_repeat or ending.cost is None:
                continue
            found = await self._store.messages.answer_to(ending.generation.question_id)
            # At another moment it is that of whoever has taken the question over meanwhile.
            if found is not None and found[0].created_at == ending.at:
                done[ending.user()] = Ended(is_ours=True, message=found[0])
        return done

    async def _take(self, endings: Sequence[Ending]) -> list[Ending]:
        """End the generations; return those that were ours to end."""
        pinned = await self._accounts.pin_many(SYSTEM, [one.user() for one in endings])
        taken: set[UUID] = set()
        if told := [one.generation.id for one in endings if one.is_told]:
            taken |= await self._store.exchanges.end(told)
        if untold := [one.generation.id for one in endings if not one.is_told]:
            taken |= await self._store.exchanges.let_go(untold, self._clock.now())
        return [one for one in endings if one.generation.id in taken and one.user() in pinned]

    async def _settle(self, endings: Sequence[Ending]) -> dict[int, int]:
        """Charge what the answers cost, and release the holds of the others."""
        if not endings:
            return {}
        settlements = [
            Settlement(
                one.generation.hold_id,
                one.cost,
                one.text if one.cost is None else one.generation.prompt.model.id,
            )
            for one in endings
        ]
        charges = await self._billing.settle_many(SYSTEM, settlements)
        return dict(zip(map(Ending.user, endings), charges, strict=True))

    async def _fail(self, endings: Sequence[Ending]) -> None:
        if endings:
            await self._store.exchanges.fail(
                [Failure(one.generation.question_id, one.text) for one in endings]
            )

    async def _answer(
        self, endings: Sequence[Ending], charges: Mapping[int, int]
    ) -> dict[int, Ended]:
        if not endings:
            return {}
        new = [_new_answer(one, charges[one.user()]) for one in endings]
        ids = await self._store.exchanges.answer(new)
        for one in endings:
            if (repeat := one.generation.repeat) is not None:
                await self._store.repeats.put_context(one.user(), repeat.key, one.context)
        return {
            one.user(): Ended(is_ours=True, message=_message(answer_id, answer))
            for one, answer_id, answer in zip(endings, ids, new, strict=True)
        }


def _not_ours(ending: Ending) -> Ended:
    """Report it as lost; but a failure that is not there to be stored was stored before."""
    return Ended(is_ours=ending.is_repeat and ending.cost is None)


def _new_answer(ending: Ending, cost: int) -> NewAnswer:
    generation, usage = ending.generation, ending.usage
    return NewAnswer(
        conversation_id=generation.conversation_id,
        question_id=generation.question_id,
        text=ending.text,
        status=ending.status,
        model=generation.prompt.model.id,
        model_version=ending.model_version,
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        estimated=usage.estimated,
        cost=cost,
        at=ending.at,
        question_tokens=ending.question_tokens,
        cuts_context=generation.tell_context_cut,
    )


def _message(answer_id: int, answer: NewAnswer) -> Message:
    return Message(
        id=answer_id,
        role=MessageRole.ASSISTANT,
        text=answer.text,
        status=MessageStatus(answer.status),
        failure=None,
        cost=answer.cost,
        created_at=answer.at,
    )
