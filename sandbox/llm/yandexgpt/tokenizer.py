"""YandexGPT's free tokenizer, for a text and for a whole request."""

import json
from collections.abc import AsyncGenerator, Iterable
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from sandbox.llm.admission import Admission
from sandbox.llm.emulator import LanguageModelEmulator
from sandbox.llm.endpoint import Endpoint
from sandbox.llm.faults import FaultKind
from sandbox.llm.prompt import Call, Message, Role
from sandbox.llm.request_log import LoggedRequest, Outcome
from sandbox.llm.tokens import MESSAGE_SPECIALS, REQUEST_SPECIALS, token_id, tokenize
from sandbox.llm.yandexgpt.bodies import CompletionBody, TokenizeBody, parse
from sandbox.llm.yandexgpt.service import YandexGpt

_REQUEST: Final = tuple(f"<request-{number}>" for number in range(REQUEST_SPECIALS))
_MESSAGE: Final = tuple(f"<message-{number}>" for number in range(MESSAGE_SPECIALS))


class Tokenizer:
    """Counts the tokens of a text, or all billed tokens of a request."""

    def __init__(
        self, emulator: LanguageModelEmulator, service: YandexGpt, endpoint: Endpoint
    ) -> None:
        self._emulator = emulator
        self._service = service
        self._endpoint = endpoint

    async def tokenize(self, request: Request) -> Response:
        return await self._endpoint.serve(request, Call.TOKENIZE, self._of_text)

    async def tokenize_completion(self, request: Request) -> Response:
        return await self._endpoint.serve(request, Call.TOKENIZE, self._of_completion)

    def _of_text(self, body: bytes, logged: LoggedRequest) -> Response:
        asked = parse(TokenizeBody, body)
        messages = (Message(Role.USER, asked.text),)
        return self._answer(logged, asked.model_uri, messages, _plain(asked.text))

    def _of_completion(self, body: bytes, logged: LoggedRequest) -> Response:
        asked = parse(CompletionBody, body)
        messages = asked.prompt_messages()
        return self._answer(logged, asked.model_uri, messages, _templated(messages))

    def _answer(
        self,
        logged: LoggedRequest,
        model_uri: str,
        messages: tuple[Message, ...],
        tokens: list[dict[str, Any]],
    ) -> Response:
        version = self._service.version(model_uri)
        logged.model, logged.messages, logged.input_tokens = model_uri, messages, len(tokens)
        admission = self._emulator.admit(logged, messages[-1].text)
        return self._endpoint.deliver(
            _deliver({"tokens": tokens, "modelVersion": version}, admission), admission
        )


async def _deliver(body: dict[str, Any], admission: Admission) -> AsyncGenerator[bytes, None]:
    await admission.stall_if(FaultKind.STALL_BEFORE)
    await admission.stall_if(FaultKind.SLOW)
    admission.drop_if(FaultKind.CUT_BEFORE)
    admission.end(Outcome.FINISHED)
    yield json.dumps(body, ensure_ascii=False).encode()


def _plain(text: str) -> list[dict[str, Any]]:
    """Make tokens without the field `special`, which YandexGPT leaves out when it is false."""
    return [{"id": str(token_id(piece)), "text": piece} for piece in tokenize(text)]


def _templated(messages: Iterable[Message]) -> list[dict[str, Any]]:
    tokens = _special(_REQUEST)
    for message in messages:
        tokens += _special(_MESSAGE) + _plain(message.text)
    return tokens


def _special(names: Iterable[str]) -> list[dict[str, Any]]:
    return [{"id": str(token_id(name)), "text": name, "special": True} for name in names]
