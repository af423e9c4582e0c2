"""The format of OpenAI's answers: whole, or server-sent events with additions to the text."""

import json
from typing import Any, Final

from sandbox.llm.generation import Finish, Progress
from sandbox.llm.openai.errors import error_body
from sandbox.llm.problems import Refused

_REASONS: Final = {
    Finish.STOP: "stop",
    Finish.LENGTH: "length",
    Finish.CONTENT_FILTER: "content_filter",
}
_DONE: Final = b"data: [DONE]\n\n"


class OpenAiWire:
    """One answer. `has_usage` adds the number of tokens; a stream has a chunk for it."""

    stream_type = "text/event-stream; charset=utf-8"

    def __init__(self, answer_id: str, created: int, model: str, *, has_usage: bool) -> None:
        self._head = {"id": answer_id, "created": created, "model": model}
        self._has_usage = has_usage

    def frame_tokens(self, _wanted: int) -> int:
        return 1

    def opening(self, _start: Progress) -> list[bytes]:
        """Return a frame with the role alone."""
        return [self._delta({"role": "assistant", "content": "", "refusal": None})]

    def step(self, progress: Progress) -> bytes:
        return self._delta({"content": progress.added})

    def closing(self, end: Progress) -> list[bytes]:
        last = self._delta({}, end.finish)
        usage = [self._chunk([], _usage(end))] if self._has_usage else []
        return [last, *usage, _DONE]

    def error(self, refused: Refused) -> bytes:
        _, body = error_body(refused)
        return _event(body)

    def whole(self, end: Progress, *, is_final: bool) -> bytes:
        message = {"role": "assistant", "content": end.text, "refusal": None}
        choice = {**_choice(end.finish), "message": message}
        body = {
            **self._head,
            "object": "chat.completion",
            "choices": [choice] if is_final else [],
        }
        if self._has_usage:
            body["usage"] = _usage(end)
        return _dump(body)

    def _delta(self, delta: dict[str, Any], finish: Finish | None = None) -> bytes:
        return self._chunk([{**_choice(finish), "delta": delta}], None)

    def _chunk(self, choices: list[dict[str, Any]], usage: dict[str, Any] | None) -> bytes:
        """Add `usage`, which may be null, only if the client asked for it."""
        chunk = {**self._head, "object": "chat.completion.chunk", "choices": choices}
        return _event({**chunk, "usage": usage} if self._has_usage else chunk)


def _choice(finish: Finish | None) -> dict[str, Any]:
    return {"index": 0, "logprobs": None, "finish_reason": _REASONS[finish] if finish else None}


def _usage(progress: Progress) -> dict[str, Any]:
    return {
        "prompt_tokens": progress.input_tokens,
        "completion_tokens": progress.output_tokens,
        "total_tokens": progress.input_tokens + progress.output_tokens,
    }


def _event(body: dict[str, Any]) -> bytes:
    return b"data: " + _dump(body) + b"\n\n"


def _dump(body: dict[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
