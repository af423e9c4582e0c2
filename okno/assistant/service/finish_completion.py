"""The end of a completion: it is paid for, and nothing else of it is kept."""

from functools import partial

import structlog

from okno.assistant.errors import AnswerInterrupted
from okno.assistant.service.finish import Finisher
from okno.assistant.service.growing_answer import CompletionAnswer
from okno.assistant.service.metrics import ANSWERS
from okno.billing.dto import Price
from okno.billing.service import BillingService
from okno.kit.actor import SYSTEM
from okno.kit.errors import OknoError
from okno.llm.dto import Finish
from okno.llm.service import LanguageModels

log = structlog.get_logger(__name__)

_LEFT = "stopped"
"""An outcome in the metrics: the client went away after the first text."""


class CompletionFinisher(Finisher[CompletionAnswer]):
    """Settles the holds of completions, of which nothing else is kept."""

    def __init__(self, billing: BillingService, models: LanguageModels) -> None:
        super().__init__(models)
        self._billing = billing

    async def _finish(
        self, answer: CompletionAnswer, failure: OknoError | None
    ) -> OknoError | None:
        usage = self._usage(answer)
        outcome = failure.code if failure is not None else answer.finish or _LEFT
        is_free = failure is not None or answer.finish is Finish.CONTENT_FILTER
        model = answer.prompt.model
        price = Price(model.price_in, model.price_out)
        cost = 0 if is_free else price.cost(usage.input_tokens, usage.output_tokens)
        charge = await self._until_stored(answer, partial(self._settle, answer, cost, outcome))
        ANSWERS.labels(outcome).inc()
        log.info("completed", **answer.ids, outcome=outcome, cost=charge)
        if failure is None and answer.finish is None:
            return AnswerInterrupted()
        if failure is None:
            answer.latest.put(answer.completed(usage, charge))
        return failure

    async def _settle(
        self, answer: CompletionAnswer, cost: int, outcome: str, _attempts: int
    ) -> int:
        if not cost:
            await self._billing.release(SYSTEM, answer.hold_id, outcome)
            return 0
        return await self._billing.settle(SYSTEM, answer.hold_id, cost, answer.prompt.model.id)
