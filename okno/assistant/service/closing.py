"""The transaction that ends a generation: the answer stored and settled, or failed and released.

Each of the two does nothing when the generation is not ours any more: it was taken over, or its
user is gone. A repeat does nothing: the first commit may have worked without our hearing of it.
"""

from okno.accounts.service import AccountsService
from okno.assistant.dto import Message
from okno.assistant.service.run import Run
from okno.assistant.service.windows import question_tokens
from okno.assistant.store import AssistantStore
from okno.billing.service import BillingService
from okno.kit.actor import SYSTEM
from okno.kit.clock import Clock
from okno.kit.errors import OknoError
from okno.kit.uow import UnitOfWork
from okno.llm.dto import Usage


class Closing:
    """Writes the end of a generation."""

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

    async def store_answer(self, run: Run, usage: Usage) -> Message | None:
        """Store and charge; None when the generation is not ours any more."""
        generation = run.generation
        run.ended_at = run.ended_at or self._clock.now()
        async with self._uow.begin():
            if run.attempts > 1:
                stored = await self._store.messages.answer_to(generation.question_id)
                # At another moment it is that of whoever has taken the question over meanwhile.
                if stored is not None and stored.created_at == run.ended_at:
                    return stored
            if not await self._let_go(run):
                return None
            model = generation.prompt.model.id
            cost = generation.price.cost(usage.input_tokens, usage.output_tokens)
            charged = await self._billing.settle(SYSTEM, generation.hold_id, cost, model)
            await self._store.messages.close_question(
                generation.question_id, question_tokens(generation.window, usage)
            )
            return await self._add_answer(run, usage, charged)

    async def store_failure(self, run: Run, failure: OknoError) -> bool:
        """Note why there is no answer, charge nothing; False: the generation is not ours."""
        generation = run.generation
        async with self._uow.begin():
            if not await self._let_go(run):
                return run.attempts > 1
            await self._store.messages.fail_question(generation.question_id, failure.code)
            await self._billing.release(SYSTEM, generation.hold_id, failure.code)
        return True

    async def _let_go(self, run: Run) -> bool:
        """End the generation; when nobody could be told, leave it to whoever looks for such."""
        generation = run.generation
        if await self._accounts.pin(SYSTEM, generation.user_id) is None:
            return False
        if run.is_left:
            now = self._clock.now()
            return await self._store.generations.renew(generation.id, now) is not None
        return await self._store.generations.end(generation.id)

    async def _add_answer(self, run: Run, usage: Usage, charged: int) -> Message:
        generation, now = run.generation, run.ended_at or self._clock.now()
        await self._store.conversations.change(
            generation.conversation_id,
            updated_at=now,
            **({"context_cut": True} if generation.tell_context_cut else {}),
        )
        return await self._store.messages.add_answer(
            conversation_id=generation.conversation_id,
            question_id=generation.question_id,
            text=run.text,
            status=run.status(),
            model=generation.prompt.model.id,
            model_version=None if run.last is None else run.last.model_version,
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
            estimated=usage.estimated,
            cost=charged,
            created_at=now,
        )
