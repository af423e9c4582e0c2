"""Records that the steps of an answer hand on: plan, begin, generate, finish."""

from dataclasses import dataclass
from datetime import datetime

from okno.assistant.dto import (
    ContextWindow,
    CurrentConversation,
    Generation,
    MessageStatus,
    Origin,
    Repeat,
)
from okno.billing.dto import HoldRequest, Price
from okno.kit.actor import Actor
from okno.llm.dto import Prompt, PromptMessage, Usage

NO_USAGE = Usage(0, 0)


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the acting user, to be answered in the current conversation.

    `given`: messages that go before it instead of the context window. `retried_id`: the stored
    question that failed and is asked again; None: it is a new one. `failed_before`: the question
    that was asked under the key of `repeat` and failed.
    """

    actor: Actor
    text: str
    origin: Origin = Origin.TELEGRAM
    given: tuple[PromptMessage, ...] | None = None
    repeat: Repeat | None = None
    retried_id: int | None = None
    failed_before: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A prompt with the longest answer that is wanted, and what both can cost at most.

    `input_tokens`: an upper bound of the tokens of the prompt; with `is_counted` there is no
    better one to be had. `min_tokens`: a shorter answer is not begun.
    """

    prompt: Prompt
    input_tokens: int
    min_tokens: int
    is_counted: bool = False

    @property
    def price(self) -> Price:
        return Price(self.prompt.model.price_in, self.prompt.model.price_out)

    @property
    def max_tokens(self) -> int:
        """The longest answer that fits; negative when the prompt alone is too long."""
        return min(self.prompt.max_tokens, self.prompt.model.context_tokens - self.input_tokens)

    @property
    def is_too_long(self) -> bool:
        return self.max_tokens < self.min_tokens

    def hold_request(
        self, actor: Actor, purpose: str, *, max_open: int | None = None
    ) -> HoldRequest:
        """Ask for all that it may cost; for less only when the tokens were counted."""
        return HoldRequest(
            price=self.price,
            input_tokens=self.input_tokens,
            max_tokens=self.max_tokens,
            min_tokens=self.min_tokens,
            purpose=purpose,
            max_open=max_open,
            api_key_id=actor.api_key_id,
            is_tentative=not self.is_counted,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionPlan(Plan):
    """The plan of a question, which holds while `current` is still the current conversation.

    `window`: the part of the context window that is in the prompt.
    """

    question: Question
    current: CurrentConversation
    window: ContextWindow

    @property
    def user_id(self) -> int:
        return self.question.actor.require_user()


@dataclass(frozen=True, slots=True)
class GenerationEnd:
    """The end of a generation: an answer, or a failure with the code of its error.

    `at`: the time of the answer, the same in every attempt to store it. `cost`: units before the
    limit of the hold. `question_tokens`: the tokens that the question added to the prompt, if known
    exactly. `context`: the context window with the answer in it. `is_told`: the user knows of the
    end, or need not be told. `is_repeat`: an attempt to store it was made before.
    """

    generation: Generation
    at: datetime
    failure: str | None = None
    text: str = ""
    status: MessageStatus = MessageStatus.FAILED
    usage: Usage = NO_USAGE
    cost: int = 0
    model_version: str | None = None
    question_tokens: int | None = None
    context: tuple[PromptMessage, ...] = ()
    is_told: bool = True
    is_repeat: bool = False

    @property
    def user_id(self) -> int:
        return self.generation.user_id
