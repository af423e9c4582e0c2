"""The format of YandexGPT's answers: one JSON object per line with the whole text so far."""

import json
from typing import Any, Final

from sandbox.llm.generation import Finish, Progress
from sandbox.llm.problems import Refused
from sandbox.llm.yandexgpt.errors import error_body

_STATUSES: Final = {
    None: "ALTERNATIVE_STATUS_PARTIAL",
    Finish.STOP: "ALTERNATIVE_STATUS_FINAL",
    Finish.LENGTH: "ALTERNATIVE_STATUS_TRUNCATED_FINAL",
    Finish.CONTENT_FILTER: "ALTERNATIVE_STATUS_CONTENT_FILTER",
}


class YandexGptWire:
    """`prefix` is put before each frame; YandexGPT has none."""

    stream_type = "application/json"

    def __init__(self, model_version: str, *, has_usage: bool, prefix: bytes) -> None:
        self._model_version = model_version
        self._has_usage = has_usage
        self._prefix = prefix

    def frame_tokens(self, wanted: int) -> int:
        return wanted

    def opening(self, _start: Progress) -> list[bytes]:
        return []

    def step(self, progress: Progress) -> bytes:
        return self._line(self._result(progress, [_alternative(progress)]))

    def closing(self, end: Progress) -> list[bytes]:
        return [self.step(end)]

    def error(self, refused: Refused) -> bytes:
        _, body = error_body(refused)
        return self._line(body)

    def whole(self, end: Progress, *, is_final: bool) -> bytes:
        return _dump(self._result(end, [_alternative(end)] if is_final else []))

    def _result(self, progress: Progress, alternatives: list[dict[str, Any]]) -> dict[str, Any]:
        result: dict[str, Any] = {"alternatives": alternatives}
        if self._has_usage:
            result["usage"] = _usage(progress)
        return {"result": {**result, "modelVersion": self._model_version}}

    def _line(self, body: dict[str, Any]) -> bytes:
        return self._prefix + _dump(body) + b"\n"


def _alternative(progress: Progress) -> dict[str, Any]:
    return {
        "message": {"role": "assistant", "text": progress.text},
        "status": _STATUSES[progress.finish],
    }


def _usage(progress: Progress) -> dict[str, Any]:
    return {
        "inputTextTokens": str(progress.input_tokens),
        "completionTokens": str(progress.output_tokens),
        "totalTokens": str(progress.input_tokens + progress.output_tokens),
        "completionTokensDetails": {"reasoningTokens": "0"},
    }


def _dump(body: dict[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
