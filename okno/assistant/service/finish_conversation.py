"""The end of an answer in a kept conversation, stored together with those of other users.

Locks are taken in the order of `begin`.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from uuid import UUID

from okno.accounts.service import AccountsService
from okno.assistant.dto import Answered, Message, Origin
from okno.assistant.service.contexts import QuestionContexts
from okno.assistant.service.finish import Finisher, GenerationLost
from okno.assistant.service.growing_answer import ConversationAnswer
from okno.assistant.service.report import report_answer, report_failure
from okno.assistant.service.windows import grow, question_tokens
from okno.assistant.steps import GenerationEnd
from okno.assistant.store import AssistantStore
from okno.billing.dto import Settlement
from okno.billing.service import BillingService
from okno.kit.actor import SYSTEM
from okno.kit.batch import Batcher, isolate_failures
from okno.kit.clock import Clock
from okno.kit.errors import OknoError
from okno.kit.nursery import Nursery
from okno.kit.uow import UnitOfWork
from okno.llm.service import LanguageModels

_MAX_ENDS_AT_ONCE = 100
"""Every user of a transaction waits for the slowest."""


class ConversationFinisher(Finisher[ConversationAnswer]):
    """Stores answers and failures of kept conversations, those of many users at once."""

    def __init__(
        self,
        uow: UnitOfWork,
        store: AssistantStore,
        accounts: AccountsService,
        billing: BillingService,
        contexts: QuestionContexts,
        models: LanguageModels,
        nursery: Nursery,
        clock: Clock,
    ) -> None:
        super().__init__(models)
        self._uow = uow
        self._store = store
        self._accounts = accounts
        self._billing = billing
        self._contexts = contexts
        self._clock = clock
        self._ends: Batcher[GenerationEnd, Message | None] = Batcher(
            isolate_failures(self._store_many),
            nursery,
            most=_MAX_ENDS_AT_ONCE,
            key=lambda end: end.user_id,
        )

    async def _finish(
        self, answer: ConversationAnswer, failure: OknoError | None
    ) -> OknoError | None:
        if answer.is_lost:
            raise GenerationLost
        generation = answer.generation
        if failure is not None:
            end = GenerationEnd(generation, self._clock.now(), failure.code)
            await self._until_stored(answer, partial(self.store_end, answer, end))
            report_failure(answer, failure)
            await self._contexts.keep(generation, generation.context.window)
            return failure
        usage = self._usage(answer)
        window = generation.context.window
        grown = grow(window, generation.prompt.messages[-1].text, answer.text, usage)
        end = GenerationEnd(
            generation,
            self._clock.now(),
            text=answer.text,
            status=answer.status(),
            usage=usage,
            cost=generation.price.cost(usage.input_tokens, usage.output_tokens),
            model_version=answer.model_version,
            question_tokens=question_tokens(window, usage),
            context=grown.said,
        )
        message = await self._until_stored(answer, partial(self.store_end, answer, end))
        if message is None:
            raise GenerationLost
        report_answer(answer, message, usage)
        await self._contexts.keep(generation, grown)
        answer.latest.put(Answered(message, usage, grown.said))
        return None

    async def store_end(
        self, answer: ConversationAnswer, end: GenerationEnd, attempts: int
    ) -> Message | None:
        # Over HTTP a client that has left asks again, so nobody has to be told.
        is_told = not answer.is_left or answer.generation.origin is Origin.HTTP
        if attempts or not is_told:
            end = replace(end, is_repeat=attempts > 0, is_told=is_told)
        return await self._ends.do(end)

    async def _store_many(
        self, ends: Sequence[GenerationEnd]
    ) -> list[Message | GenerationLost | None]:
        """End generations of many users in one transaction, each user once.

        Returns the answers, None for a failure. A repeat stores nothing anew: the first commit may
        have succeeded although its confirmation was lost.
        """
        async with self._uow.begin(keep_plans=True):
            results: dict[int, Message | GenerationLost | None] = await self._stored_before(ends)
            ended = await self._end([one for one in ends if one.user_id not in results])
            charges = await self._settle(ended)
            if answered := [one for one in ended if one.failure is None]:
                costs = [charges[one.user_id] for one in answered]
                answers = await self._store.exchanges.answer(answered, costs)
                results.update(zip([one.user_id for one in answered], answers, strict=True))
                await self._keep_repeats(answered)
            # After the answers, which lock conversations: these come before messages.
            if failed := [one for one in ended if one.failure is not None]:
                await self._store.exchanges.fail(failed)
                results.update({one.user_id: None for one in failed})
        return [results.get(one.user_id, _lost(one)) for one in ends]

    async def _stored_before(
        self, ends: Sequence[GenerationEnd]
    ) -> dict[int, Message | GenerationLost | None]:
        """Find the answers that earlier attempts have stored."""
        found: dict[int, Message | GenerationLost | None] = {}
        for end in ends:
            if not end.is_repeat or end.failure is not None:
                continue
            stored = await self._store.messages.answer_to(end.generation.question_id)
            # One with another time was stored by a process that has abandoned this generation.
            if stored is not None and stored[0].created_at == end.at:
                found[end.user_id] = stored[0]
        return found

    async def _end(self, ends: Sequence[GenerationEnd]) -> list[GenerationEnd]:
        """End the generations; return those that were still there."""
        pinned = await self._accounts.pin_many(SYSTEM, [one.user_id for one in ends])
        ended: set[UUID] = set()
        if told := [one.generation.id for one in ends if one.is_told]:
            ended |= await self._store.exchanges.end(told)
        if untold := [one.generation.id for one in ends if not one.is_told]:
            ended |= await self._store.exchanges.end_untold(untold, self._clock.now())
        return [one for one in ends if one.generation.id in ended and one.user_id in pinned]

    async def _settle(self, ends: Sequence[GenerationEnd]) -> dict[int, int]:
        """Charge the answers and release the holds of the failures; return the charges by user."""
        if not ends:
            return {}
        settlements = [
            Settlement(one.generation.hold_id, one.cost, one.generation.prompt.model.id)
            if one.failure is None
            else Settlement(one.generation.hold_id, None, one.failure)
            for one in ends
        ]
        charges = await self._billing.settle_many(SYSTEM, settlements)
        return {one.user_id: charge for one, charge in zip(ends, charges, strict=True)}

    async def _keep_repeats(self, ends: Sequence[GenerationEnd]) -> None:
        """Store the new context of questions with a key, so that a repeat gets the same answer."""
        for one in ends:
            if (repeat := one.generation.repeat) is not None:
                await self._store.repeats.put_context(one.user_id, repeat.key, one.context)


def _lost(end: GenerationEnd) -> GenerationLost | None:
    """A failure that is not there to be stored again was stored by an earlier attempt."""
    return None if end.is_repeat and end.failure is not None else GenerationLost()
