"""From a question to the request for a hold: which model, which prompt, how long an answer."""

from dataclasses import replace
from uuid import UUID

from okno.assistant.config import AssistantSettings
from okno.assistant.dto import AtHand
from okno.assistant.errors import QuestionTooLong
from okno.assistant.service.prompts import Plan, plan_prompt
from okno.assistant.service.windows import ContextWindows
from okno.billing.dto import HoldRequest, Price
from okno.llm.dto import Model, Prompt
from okno.llm.errors import ModelError
from okno.llm.service import LanguageModels

_PURPOSE = "answer"


class Planner:
    """Plans prompts; asks nobody for the number of tokens unless it decides something."""

    def __init__(
        self, models: LanguageModels, windows: ContextWindows, settings: AssistantSettings
    ) -> None:
        self._models = models
        self._windows = windows
        self._min_tokens = settings.min_answer_tokens

    async def plan(self, at_hand: AtHand, question: str, available: int, request_id: UUID) -> Plan:
        """Plan the prompt; `available`: units that can be held. Raises `QuestionTooLong`."""
        window = await self._windows.load(at_hand)
        model = self._models.model(at_hand.model)
        persona = self._models.persona(at_hand.persona)
        plan = plan_prompt(window, question, model, persona, self._models.upper_bound)
        if self._is_too_long(plan) or self.request(plan).longest > available:
            plan = await self._counted(plan, request_id)
        if self._is_too_long(plan):
            raise QuestionTooLong
        return plan

    def request(self, plan: Plan) -> HoldRequest:
        return HoldRequest(
            price=price(plan.model),
            input_tokens=plan.input_tokens,
            max_tokens=plan.max_tokens,
            min_tokens=self._shortest(plan.model),
            purpose=_PURPOSE,
        )

    async def _counted(self, plan: Plan, request_id: UUID) -> Plan:
        """Replace the bound by the provider's own count where that is lower.

        It is not where a provider has none and bounds, too, without knowing what was billed before.
        """
        try:
            counted = await self._models.count_tokens(prompt(plan, 1, request_id))
        except ModelError:
            return plan
        return replace(plan, input_tokens=min(plan.input_tokens, counted))

    def _is_too_long(self, plan: Plan) -> bool:
        return plan.max_tokens < self._shortest(plan.model)

    def _shortest(self, model: Model) -> int:
        return min(self._min_tokens, model.answer_tokens)


def price(model: Model) -> Price:
    return Price(model.price_in, model.price_out)


def prompt(plan: Plan, max_tokens: int, request_id: UUID) -> Prompt:
    return Prompt(
        model=plan.model,
        messages=plan.messages,
        max_tokens=max_tokens,
        temperature=plan.persona.temperature,
        request_id=request_id,
    )
