"""The chunks of a streamed completion, exactly as OpenAI has them.

https://platform.openai.com/docs/api-reference/chat-streaming. The first chunk has only the role,
the last one the finish reason. If the usage was asked for, one more chunk has it, without choices.
"""

from typing import Any

from api.events import event
from api.schemas.completions import CompletionUsage
from okno.assistant.dto import Completed

DONE = b"data: [DONE]\n\n"


class Chunks:
    """Formats the chunks of one answer as events."""

    def __init__(self, *, id_: str, created: int, model: str, with_usage: bool) -> None:
        self._always: dict[str, Any] = {
            "id": id_,
            "object": "chat.completion.chunk",
            "created": created,
            "model": model,
        }
        self._with_usage = with_usage

    def role(self) -> bytes:
        return self._choice({"role": "assistant", "content": ""})

    def text(self, added: str) -> bytes:
        return self._choice({"content": added})

    def end(self, completed: Completed) -> bytes:
        """Return all chunks after the text."""
        pieces = [self._choice({}, completed.finish)]
        if self._with_usage:
            usage = CompletionUsage.of(completed.usage, completed.cost)
            pieces.append(event({**self._always, "choices": [], "usage": usage}))
        return b"".join((*pieces, DONE))

    def _choice(self, delta: dict[str, str], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        usage = {"usage": None} if self._with_usage else {}
        return event({**self._always, "choices": [choice], **usage})
