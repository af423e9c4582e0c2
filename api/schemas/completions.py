"""Bodies of chat completions, exactly as OpenAI has them, so in snake_case.

https://platform.openai.com/docs/api-reference/chat. Fields that would change the answer and are not
supported are refused, so that clients do not get another answer than they expect. All other unknown
fields are ignored.
"""

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
)
from pydantic_core import PydanticCustomError

from api.schemas.neutral import neutral
from okno.assistant.dto import Completed, CompletionRequest
from okno.llm.dto import Finish, PromptMessage, PromptRole
from okno.llm.dto import Usage as TokensUsed

_MAX_MESSAGES = 400
_MAX_CHARACTERS = 400_000
"""The limit for all messages together."""
_MAX_STOPS = 4

_ROLES = {
    "system": PromptRole.SYSTEM,
    "developer": PromptRole.SYSTEM,
    "user": PromptRole.USER,
    "assistant": PromptRole.ASSISTANT,
}


class Wire(BaseModel):
    """The base of these bodies: strict, values are not converted to other types."""

    model_config = ConfigDict(strict=True, frozen=True)


def _one_or_many(value: object) -> str:
    """Return the form of a field, so that validation errors concern only this form."""
    return "many" if isinstance(value, list) else "one"


class TextPart(Wire):
    """A piece of a text; images and sounds are not understood."""

    type: Literal["text"]
    text: str


class CompletionMessage(Wire):
    """Something said; `developer` is the newer name of `system`."""

    role: Annotated[Literal["system", "developer", "user", "assistant"], Field(examples=["user"])]
    content: Annotated[
        Annotated[str, Tag("one")] | Annotated[list[TextPart], Tag("many")],
        Discriminator(_one_or_many),
        Field(examples=["What is a window?"]),
    ]

    @property
    def text(self) -> str:
        if isinstance(self.content, str):
            return self.content
        return "".join(part.text for part in self.content)


class StreamOptions(Wire):
    """`include_usage`: one more chunk, before the end, tells the usage."""

    include_usage: bool = False


def _within_bounds(messages: list[CompletionMessage]) -> list[CompletionMessage]:
    if sum(len(message.text) for message in messages) > _MAX_CHARACTERS:
        raise PydanticCustomError(
            "string_too_long", "too many characters in all", {"max_length": _MAX_CHARACTERS}
        )
    return messages


StopText = Annotated[str, StringConstraints(min_length=1, max_length=256)]
Stop = Annotated[
    Annotated[StopText, Tag("one")]
    | Annotated[list[StopText], Field(max_length=_MAX_STOPS), Tag("many")],
    Discriminator(_one_or_many),
]
Tokens = Annotated[int, Field(ge=1)]


class NewCompletion(Wire):
    """A prompt for a model. Only services need `user`: the user for whom they act."""

    model: Annotated[str, Field(max_length=256, examples=["yandexgpt"])]
    messages: Annotated[
        list[CompletionMessage],
        Field(min_length=1, max_length=_MAX_MESSAGES),
        AfterValidator(_within_bounds),
    ]
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    max_tokens: Tokens | None = None
    max_completion_tokens: Tokens | None = None
    stop: Stop | None = None
    user: str | None = None

    n: Annotated[Any, neutral(1)] = None
    top_p: Annotated[Any, neutral(1)] = None
    presence_penalty: Annotated[Any, neutral(0)] = None
    frequency_penalty: Annotated[Any, neutral(0)] = None
    logit_bias: Annotated[Any, neutral({})] = None
    logprobs: Annotated[Any, neutral(False)] = None  # noqa: FBT003 - the value itself
    top_logprobs: Annotated[Any, neutral(0)] = None
    tools: Annotated[Any, neutral([])] = None
    tool_choice: Annotated[Any, neutral("none", "auto")] = None
    functions: Annotated[Any, neutral([])] = None
    function_call: Annotated[Any, neutral("none", "auto")] = None
    response_format: Annotated[Any, neutral({"type": "text"})] = None
    modalities: Annotated[Any, neutral(["text"])] = None
    audio: Annotated[Any, neutral()] = None
    reasoning_effort: Annotated[Any, neutral()] = None
    verbosity: Annotated[Any, neutral()] = None
    web_search_options: Annotated[Any, neutral()] = None

    @property
    def wants_usage(self) -> bool:
        return self.stream_options is not None and self.stream_options.include_usage

    def to_request(self) -> CompletionRequest:
        stop = (self.stop,) if isinstance(self.stop, str) else tuple(self.stop or ())
        return CompletionRequest(
            model=self.model,
            messages=tuple(
                PromptMessage(_ROLES[message.role], message.text) for message in self.messages
            ),
            max_tokens=self.max_completion_tokens or self.max_tokens,
            temperature=self.temperature,
            stop=stop,
        )


class CompletionUsage(Wire):
    """Tokens as the model counts them; `cost`: the billing units that were charged for them."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    cost: int

    @classmethod
    def of(cls, usage: TokensUsed, cost: int) -> "CompletionUsage":
        return cls(
            prompt_tokens=usage.input_tokens,
            completion_tokens=usage.output_tokens,
            total_tokens=usage.input_tokens + usage.output_tokens,
            cost=cost,
        )


class CompletionAnswer(Wire):
    """The answer of the model."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None


class CompletionChoice(Wire):
    """The one answer."""

    index: Literal[0] = 0
    message: CompletionAnswer
    logprobs: None = None
    finish_reason: Finish


class CompletionResult(Wire):
    """A whole answer."""

    id: Annotated[str, Field(examples=["chatcmpl-0f8b2f3e9a7d4c21"])]
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    system_fingerprint: str | None
    choices: tuple[CompletionChoice]
    usage: CompletionUsage

    @classmethod
    def of(cls, completed: Completed, *, id_: str, created: int, model: str) -> "CompletionResult":
        answer = CompletionAnswer(content=completed.text)
        return cls(
            id=id_,
            created=created,
            model=model,
            system_fingerprint=completed.model_version,
            choices=(CompletionChoice(message=answer, finish_reason=completed.finish),),
            usage=CompletionUsage.of(completed.usage, completed.cost),
        )
