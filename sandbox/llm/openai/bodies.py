"""The body of OpenAI's chat completions. Unknown fields are ignored."""

from typing import Annotated, Final, Literal

from pydantic import BaseModel, Field, ValidationError

from sandbox.llm.problems import Problem, Refused
from sandbox.llm.prompt import Message, Role

_ROLES: Final = {
    "system": Role.SYSTEM,
    "developer": Role.SYSTEM,
    "user": Role.USER,
    "assistant": Role.ASSISTANT,
}


class TextPart(BaseModel):
    type: Literal["text"]
    text: str


class ChatMessage(BaseModel):
    role: Literal["system", "developer", "user", "assistant"]
    content: str | list[TextPart]

    def message(self) -> Message:
        parts = self.content
        text = parts if isinstance(parts, str) else "".join(part.text for part in parts)
        return Message(_ROLES[self.role], text)


class StreamOptions(BaseModel):
    include_usage: bool = False


class ChatBody(BaseModel):
    model: str
    messages: Annotated[list[ChatMessage], Field(min_length=1)]
    stream: bool = False
    stream_options: StreamOptions | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] = 1.0
    max_tokens: Annotated[int, Field(ge=1)] | None = None
    max_completion_tokens: Annotated[int, Field(ge=1)] | None = None


def parse(body: bytes) -> ChatBody:
    """Raises Refused for an invalid body."""
    try:
        asked = ChatBody.model_validate_json(body)
    except ValidationError as error:
        raise _refusal(error) from None
    if asked.stream_options and not asked.stream:
        raise Refused(
            Problem.BAD_REQUEST,
            "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
            param="stream_options",
        )
    return asked


def _refusal(error: ValidationError) -> Refused:
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return Refused(Problem.BAD_REQUEST, "We could not parse the JSON body of your request.")
    param = ".".join(str(part) for part in first["loc"])
    return Refused(Problem.BAD_REQUEST, f"Invalid '{param}': {first['msg']}.", param=param)
