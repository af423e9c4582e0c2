"""The bodies of YandexGPT's requests. 64-bit numbers may be strings; unknown fields are ignored."""

from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic.alias_generators import to_camel

from sandbox.llm.problems import Problem, Refused
from sandbox.llm.prompt import Message, Role
from sandbox.llm.yandexgpt.models import CONTEXT_TOKENS

B = TypeVar("B", bound="Body")


class Body(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Options(Body):
    stream: bool = False
    temperature: Annotated[float, Field(ge=0, le=1)] = 0.3
    max_tokens: Annotated[int, Field(ge=1, le=CONTEXT_TOKENS)] = CONTEXT_TOKENS


class PromptMessage(Body):
    role: Role
    text: Annotated[str, StringConstraints(min_length=1)]


class CompletionBody(Body):
    model_uri: str
    completion_options: Options = Options()
    messages: Annotated[list[PromptMessage], Field(min_length=1)]

    def prompt_messages(self) -> tuple[Message, ...]:
        return tuple(Message(message.role, message.text) for message in self.messages)


class TokenizeBody(Body):
    model_uri: str
    text: str


def parse(kind: type[B], body: bytes) -> B:
    """Raises Refused for an invalid body."""
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise Refused(Problem.BAD_REQUEST, f"{place}: {first['msg']}") from None
