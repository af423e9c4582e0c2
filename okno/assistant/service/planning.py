"""From a question to the request for a hold: which model, which prompt, how long an answer."""

from dataclasses import replace
from uuid import UUID

from okno.assistant.config import AssistantSettings
from okno.assistant.dto import QuestionContext
from okno.assistant.errors import QuestionTooLong
from okno.assistant.service.prompts import Plan, plan_prompt
from okno.billing.dto import HoldRequest, Price
from okno.llm.dto import Model, Prompt
from okno.llm.errors import ModelError
from okno.llm.service import LanguageModels

_PURPOSE = "answer"


class Planner:
    """Plans prompts; asks nobody for the number of tokens unless it decides something."""

    def __init__(self, models: LanguageModels, settings: AssistantSettings) -> None:
        self._models = models
        self._min_tokens = settings.min_answer_tokens

    async def plan(self, context: QuestionContext, question: str, request_id: UUID) -> Plan:
        """Plan the prompt with a bound of its tokens, which nearly always will do.

        Raises `QuestionTooLong`.
        """
        model = self._models.model(context.current.model)
        persona = self._models.persona(context.current.persona)
        plan = plan_prompt(context.window, question, model, persona, self._models.upper_bound)
        if self._is_too_long(plan):
            plan = await self.count(plan, request_id)
        if self._is_too_long(plan):
            raise QuestionTooLong
        return plan

    async def count(self, plan: Plan, request_id: UUID) -> Plan:
        """Replace the bound by the provider's own count where that is lower.

        It is not where a provider has none and bounds, too, without knowing what was billed before.
        """
        try:
            counted = await self._models.count_tokens(prompt(plan, 1, request_id))
        except ModelError:
            counted = plan.input_tokens
        return replace(plan, input_tokens=min(plan.input_tokens, counted), is_counted=True)

    def request(self, plan: Plan, api_key_id: int | None) -> HoldRequest:
        """Ask for all that it may cost; for less only when the tokens were counted."""
        return HoldRequest(
            price=price(plan.model),
            input_tokens=plan.input_tokens,
            max_tokens=plan.max_tokens,
            min_tokens=self._shortest(plan.model),
            purpose=_PURPOSE,
            api_key_id=api_key_id,
            is_tentative=not plan.is_counted,
        )

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
