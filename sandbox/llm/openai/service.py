"""OpenAI's chat completions: key, prompts, models and format of answers."""

import secrets
from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.llm.admission import Admission
from sandbox.llm.emulator import LanguageModelEmulator
from sandbox.llm.faults import FaultKind
from sandbox.llm.openai.bodies import parse
from sandbox.llm.openai.errors import error_body
from sandbox.llm.openai.wire import OpenAiWire
from sandbox.llm.problems import Problem, Refused
from sandbox.llm.prompt import Prompt, Provider
from sandbox.llm.request_log import LoggedRequest
from sandbox.llm.tokens import prompt_tokens

CONTEXT_TOKENS: Final = 128_000
MODELS: Final = (
    "gpt-5-mini",
    "gpt-4.1-mini",
    "gpt-oss-20b",
    "gpt-oss-120b",
    "qwen3-235b-a22b-fp8",
    "gemma-3-27b-it",
)
_CREATED: Final = 1_754_000_000  # Unix seconds


class OpenAi:
    """The key opens all models."""

    provider = Provider.OPENAI

    def __init__(self, emulator: LanguageModelEmulator) -> None:
        self._emulator = emulator

    def authenticate(self, headers: Mapping[str, str]) -> None:
        given = headers.get("authorization", "")
        if not secrets.compare_digest(given.encode(), f"Bearer {self._emulator.api_key}".encode()):
            raise Refused(Problem.UNAUTHENTICATED)

    def read(self, body: bytes) -> Prompt:
        asked = parse(body)
        if asked.model not in MODELS:
            words = f"The model `{asked.model}` does not exist or you do not have access to it."
            raise Refused(Problem.NOT_FOUND, words)
        messages = tuple(message.message() for message in asked.messages)
        space = CONTEXT_TOKENS - prompt_tokens(messages)
        if space <= 0:
            words = f"This model's maximum context length is {CONTEXT_TOKENS} tokens."
            raise Refused(Problem.BAD_REQUEST, words, param="messages")
        wanted = asked.max_completion_tokens or asked.max_tokens or space
        options = asked.stream_options
        return Prompt(
            asked.model,
            messages,
            min(wanted, space),
            asked.temperature,
            asked.stream,
            wants_usage=not asked.stream or (options is not None and options.include_usage),
        )

    def refusal(self, refused: Refused) -> tuple[int, dict[str, Any]]:
        return error_body(refused)

    def headers(self, logged: LoggedRequest) -> dict[str, str]:
        return {"x-request-id": f"req_{logged.request_id.replace('-', '')}"}

    def wire(self, prompt: Prompt, admission: Admission) -> OpenAiWire:
        logged = admission.logged
        return OpenAiWire(
            f"chatcmpl-{logged.request_id}",
            int(logged.at),
            prompt.model,
            has_usage=prompt.wants_usage and not admission.suffers(FaultKind.NO_USAGE),
        )

    async def list_models(self, request: Request) -> Response:
        try:
            self.authenticate(request.headers)
        except Refused as refused:
            status, body = self.refusal(refused)
            return JSONResponse(body, status)
        models = [
            {"id": name, "object": "model", "created": _CREATED, "owned_by": "emulator"}
            for name in MODELS
        ]
        return JSONResponse({"object": "list", "data": models})
