"""Use cases of completions: a client's prompt answered as it is, paid for, and not kept.

The hold is taken, the answer is streamed, the hold is settled: nothing is open meanwhile. When the
process dies in between, the hold expires.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from uuid import uuid4

import structlog

from okno.assistant.config import AssistantSettings
from okno.assistant.dto import CompletionProgress, CompletionRequest
from okno.assistant.errors import AnswerInterrupted, ModelNotOffered, QuestionEmpty, QuestionTooLong
from okno.assistant.service.completion import Completion
from okno.assistant.service.report import RUNNING
from okno.assistant.service.settling import LONGEST, Settling
from okno.assistant.service.texts import spoken
from okno.billing.dto import HoldRequest, Price
from okno.billing.service import BillingService
from okno.kit.actor import Actor
from okno.kit.errors import OknoError
from okno.kit.nursery import Nursery
from okno.llm.dto import Prompt
from okno.llm.errors import ModelError
from okno.llm.service import LanguageModels

log = structlog.get_logger(__name__)

_PURPOSE = "completion"
_PATIENCE = LONGEST + 10
"""Seconds for the end of the stream, and for storing what it cost."""


class CompletionsService:
    """Answers the prompts of clients. It needs a scope of its own."""

    def __init__(
        self,
        nursery: Nursery,
        models: LanguageModels,
        billing: BillingService,
        settling: Settling,
        settings: AssistantSettings,
    ) -> None:
        self._nursery = nursery
        self._models = models
        self._billing = billing
        self._settling = settling
        self._min_tokens = settings.min_answer_tokens

    async def stream(
        self,
        actor: Actor,
        request: CompletionRequest,
        *,
        max_open: int,
        api_key_id: int | None = None,
    ) -> AsyncGenerator[CompletionProgress, None]:
        """Answer a prompt, for a user with fewer than `max_open` completions in the making.

        `api_key_id`: of the budget that it burdens besides the balance. Yields the newest state
        only: places in the queue, the growing text, at last `Completed`. When it is closed early
        the answer ends, and what there is of it is charged. Raises `ModelNotOffered`,
        `QuestionEmpty`, `QuestionTooLong`, `PaymentRequired`, `BudgetSpent`, `TooManyGenerations`,
        `UserNotFound`, the errors of `okno.llm.errors`, `AnswerInterrupted`, and
        `TemporarilyUnavailable` when the charge could not be stored.
        """
        prompt = self._prompt(request)
        asked = await self._plan(actor, prompt)
        hold = await self._billing.reserve(
            actor, replace(asked, max_open=max_open, api_key_id=api_key_id)
        )
        completion = Completion(
            actor.require_user(),
            replace(prompt, max_tokens=hold.max_tokens),
            hold.id,
            asked.price,
            request.stop,
        )
        self._nursery.start(self._make(completion), name=f"completion {prompt.request_id}")
        try:
            while (progress := await completion.feed.take()) is not None:
                yield progress
        finally:
            completion.leave()
            if not completion.feed.closed.is_set():
                async with asyncio.timeout(_PATIENCE):
                    await completion.feed.closed.wait()

    def _prompt(self, request: CompletionRequest) -> Prompt:
        model = self._models.find(request.model)
        if model is None:
            raise ModelNotOffered
        messages = spoken(request.messages)
        if not messages:
            raise QuestionEmpty
        usual = self._models.persona(None).temperature
        return Prompt(
            model=model,
            messages=messages,
            max_tokens=min(request.max_tokens or model.answer_tokens, model.answer_tokens),
            temperature=usual if request.temperature is None else request.temperature,
            request_id=uuid4(),
        )

    async def _plan(self, actor: Actor, prompt: Prompt) -> HoldRequest:
        """Bound the tokens; ask the provider for their number only where it decides something."""
        asked = self._request(prompt, self._models.upper_bound(prompt.messages))
        balance = await self._billing.balance(actor)
        if self._is_too_long(asked) or asked.longest > balance.available:
            asked = self._request(prompt, await self._count(prompt, asked.input_tokens))
        if self._is_too_long(asked):
            raise QuestionTooLong
        return asked

    def _request(self, prompt: Prompt, input_tokens: int) -> HoldRequest:
        return HoldRequest(
            price=Price(prompt.model.price_in, prompt.model.price_out),
            input_tokens=input_tokens,
            max_tokens=min(prompt.max_tokens, prompt.model.context_tokens - input_tokens),
            min_tokens=min(prompt.max_tokens, self._min_tokens),
            purpose=_PURPOSE,
        )

    def _is_too_long(self, asked: HoldRequest) -> bool:
        return asked.max_tokens < asked.min_tokens

    async def _count(self, prompt: Prompt, bound: int) -> int:
        try:
            return min(bound, await self._models.count_tokens(prompt))
        except ModelError:
            return bound

    async def _make(self, completion: Completion) -> None:
        with RUNNING.track_inprogress():
            try:
                await completion.work.do(partial(self._stream, completion))
            finally:
                await self._settling.end(completion)

    async def _stream(self, completion: Completion) -> None:
        stream = self._models.stream(
            completion.prompt, user_id=completion.user_id, conversation_id=None
        )
        try:
            async with aclosing(stream):
                async for event in stream:
                    completion.note(event)
                    if completion.work.is_over:
                        break
        except OknoError as error:
            completion.error = error
        except Exception:
            log.exception("completion failed", request_id=str(completion.prompt.request_id))
            completion.error = AnswerInterrupted()
