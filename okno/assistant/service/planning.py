"""The first step of an answer: its prompt is planned, and the most that it can cost.

Tokens are bounded from above without asking anybody. The provider is asked for their number only
where the bound is too much for the model or the balance.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar
from uuid import uuid4

from okno.assistant.config import AssistantSettings
from okno.assistant.dto import CompletionRequest, QuestionContext
from okno.assistant.errors import ModelNotOffered, QuestionEmpty, QuestionTooLong
from okno.assistant.service.prompts import plan_prompt
from okno.assistant.service.texts import spoken
from okno.assistant.steps import Plan, Question, QuestionPlan
from okno.billing.errors import BudgetSpent, PaymentRequired
from okno.llm.dto import Prompt
from okno.llm.errors import ModelError
from okno.llm.service import LanguageModels

P = TypeVar("P", bound=Plan)
T = TypeVar("T")


class Planner:
    """Plans the prompts of questions and of completions. Raises `QuestionTooLong`."""

    def __init__(self, models: LanguageModels, settings: AssistantSettings) -> None:
        self._models = models
        self._min_tokens = settings.min_answer_tokens

    async def plan(self, question: Question, context: QuestionContext) -> QuestionPlan:
        """Plan persona, as much of the context window as fits, and question."""
        model = self._models.model(context.current.model)
        persona = self._models.persona(context.current.persona)
        prompt, window, bound = plan_prompt(
            context.window, question.text, model, persona, self._models.upper_bound
        )
        plan = QuestionPlan(
            question=question,
            current=context.current,
            window=window,
            prompt=prompt,
            input_tokens=bound,
            min_tokens=self._min_answer(prompt),
        )
        return await self._fitting(plan)

    async def plan_completion(self, request: CompletionRequest) -> Plan:
        """Plan the messages of a client as they are. Raises `ModelNotOffered`, `QuestionEmpty`."""
        model = self._models.find(request.model)
        if model is None:
            raise ModelNotOffered
        messages = spoken(request.messages)
        if not messages:
            raise QuestionEmpty
        usual = self._models.persona(None).temperature
        prompt = Prompt(
            model=model,
            messages=messages,
            max_tokens=min(request.max_tokens or model.answer_tokens, model.answer_tokens),
            temperature=usual if request.temperature is None else request.temperature,
            request_id=uuid4(),
        )
        bound = self._models.upper_bound(messages)
        plan = Plan(prompt=prompt, input_tokens=bound, min_tokens=self._min_answer(prompt))
        return await self._fitting(plan)

    async def begin(self, plan: P, begin: Callable[[P], Awaitable[T]]) -> T:
        """Begin with the bound of the tokens; if it can't be paid for, count them and try again."""
        try:
            return await begin(plan)
        except (PaymentRequired, BudgetSpent):
            if plan.is_counted:
                raise
            return await begin(await self._count(plan))

    def _min_answer(self, prompt: Prompt) -> int:
        return min(self._min_tokens, prompt.max_tokens)

    async def _fitting(self, plan: P) -> P:
        if plan.is_too_long:
            plan = await self._count(plan)
        if plan.is_too_long:
            raise QuestionTooLong
        return plan

    async def _count(self, plan: P) -> P:
        """Replace the bound by the provider's own count where that is lower.

        A provider that has no count gives a bound, too, and knows nothing of what was billed
        before.
        """
        try:
            counted = await self._models.count_tokens(plan.prompt)
        except ModelError:
            counted = plan.input_tokens
        return replace(plan, input_tokens=min(plan.input_tokens, counted), is_counted=True)
