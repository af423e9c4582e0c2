"""Use cases of completions: a client's prompt is answered as it is, paid for, and not kept.

The hold is taken, the answer is generated, the hold is settled: no transaction is open in between.
When the process dies the hold expires.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from okno.assistant.dto import Completed, CompletionRequest, Growing
from okno.assistant.service.generate import AnswerGenerator
from okno.assistant.service.growing_answer import CompletionAnswer
from okno.assistant.service.planning import Planner
from okno.assistant.steps import Plan
from okno.billing.service import BillingService
from okno.kit.actor import Actor
from okno.kit.latest import Latest
from okno.llm.dto import Queued

_PURPOSE = "completion"


class CompletionsService:
    """Answers the prompts of clients."""

    def __init__(
        self, planner: Planner, billing: BillingService, generator: AnswerGenerator
    ) -> None:
        self._planner = planner
        self._billing = billing
        self._generator = generator

    @asynccontextmanager
    async def complete(
        self, actor: Actor, request: CompletionRequest, *, max_open: int
    ) -> AsyncIterator[Latest[Queued | Growing | Completed]]:
        """Answer a prompt, for a user with fewer than `max_open` running completions.

        The mailbox has places in the queue, the growing text, and at last `Completed`. It raises
        the errors of `okno.llm.errors`, `AnswerInterrupted`, or `TemporarilyUnavailable` when the
        charge could not be stored. When the block is left early the answer ends, and the text so
        far is charged. Raises `ModelNotOffered`, `QuestionEmpty`, `QuestionTooLong`,
        `PaymentRequired`, `BudgetSpent`, `TooManyGenerations`, `UserNotFound`.
        """

        async def begin(plan: Plan) -> CompletionAnswer:
            asked = plan.hold_request(actor, _PURPOSE, max_open=max_open)
            hold = await self._billing.reserve(actor, asked)
            prompt = replace(plan.prompt, max_tokens=hold.max_tokens)
            return CompletionAnswer(prompt, actor.require_user(), hold, request.stop)

        plan = await self._planner.plan_completion(request)
        answer = await self._planner.begin(plan, begin)
        async with self._generator.complete(answer) as progress:
            yield progress
