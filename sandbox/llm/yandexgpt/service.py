"""YandexGPT's native API: keys, prompts and format of answers."""

import secrets
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from sandbox.llm.admission import Admission
from sandbox.llm.emulator import LanguageModelEmulator
from sandbox.llm.faults import FaultKind
from sandbox.llm.problems import Problem, Refused
from sandbox.llm.prompt import Prompt, Provider
from sandbox.llm.request_log import LoggedRequest
from sandbox.llm.tokens import prompt_tokens
from sandbox.llm.yandexgpt.bodies import CompletionBody, parse
from sandbox.llm.yandexgpt.errors import error_body
from sandbox.llm.yandexgpt.models import CONTEXT_TOKENS, model_version
from sandbox.llm.yandexgpt.wire import YandexGptWire


class YandexGpt:
    """The key of a service account or an IAM token opens all models."""

    provider = Provider.YANDEXGPT

    def __init__(self, emulator: LanguageModelEmulator) -> None:
        self._emulator = emulator

    def authenticate(self, headers: Mapping[str, str]) -> None:
        given = headers.get("authorization", "")
        good = (f"Api-Key {self._emulator.api_key}", f"Bearer {self._emulator.iam_token}")
        if not any(secrets.compare_digest(given.encode(), one.encode()) for one in good):
            raise Refused(Problem.UNAUTHENTICATED)
        if headers.get("x-folder-id", self._emulator.folder) != self._emulator.folder:
            raise Refused(Problem.PERMISSION_DENIED)

    def read(self, body: bytes) -> Prompt:
        asked = parse(CompletionBody, body)
        self.version(asked.model_uri)
        messages = asked.prompt_messages()
        options = asked.completion_options
        size = prompt_tokens(messages)
        if size >= CONTEXT_TOKENS:
            raise Refused(
                Problem.BAD_REQUEST,
                f"Number of input tokens must be less than {CONTEXT_TOKENS}, got {size}",
            )
        return Prompt(
            asked.model_uri,
            messages,
            min(options.max_tokens, CONTEXT_TOKENS - size),
            options.temperature,
            options.stream,
        )

    def version(self, model_uri: str) -> str:
        """Return the version of the model. Raises Refused for an unknown model or folder."""
        return model_version(model_uri, self._emulator.folder)

    def refusal(self, refused: Refused) -> tuple[int, dict[str, Any]]:
        return error_body(refused)

    def headers(self, logged: LoggedRequest) -> dict[str, str]:
        return {"x-request-id": logged.request_id, "x-server-trace-id": uuid4().hex}

    def wire(self, prompt: Prompt, admission: Admission) -> YandexGptWire:
        return YandexGptWire(
            self.version(prompt.model),
            has_usage=not admission.suffers(FaultKind.NO_USAGE),
            prefix=b"data: " if admission.suffers(FaultKind.DATA_PREFIX) else b"",
        )
