"""The record of one request: a line of the log and the metrics, however it ends."""

import asyncio
import time
from types import TracebackType
from typing import Any, Self

import structlog

from okno.llm.dto import Chunk, Prompt, Trace
from okno.llm.errors import (
    ModelAccessDenied,
    ModelError,
    ModelKeyRefused,
    ModelNotFound,
    ModelRequestRefused,
)
from okno.llm.service.metrics import first_text_seconds, requests, tokens

log = structlog.get_logger(__name__)

# Errors that do not pass by themselves: the configuration or the code has to be corrected.
_TO_BE_CORRECTED = (ModelAccessDenied, ModelKeyRefused, ModelNotFound, ModelRequestRefused)

_FAILED = "failed"
"""The outcome of an error that is no `ModelError`: a fault of Okno."""


_MIN_QUOTE_LENGTH = 16
"""Characters in a row that two texts do not have in common by chance."""


class RequestLog:
    """Collects the facts of one request; leaving its `with` block writes the line."""

    def __init__(
        self,
        prompt: Prompt,
        *,
        user_id: int,
        conversation_id: int | None,
        texts: bool,
        facts: dict[str, Any] | None = None,
    ) -> None:
        """`texts`: the line holds the question and the answer, too.

        `facts`: filled instead of writing a line when the request goes well; the caller writes one.
        """
        self.trace = Trace()
        self._prompt = prompt
        self._user_id = user_id
        self._conversation_id = conversation_id
        self._texts = texts
        self._facts = facts
        self._joined = time.monotonic()
        self._sent: float | None = None
        self._first: float | None = None
        self._last: Chunk | None = None

    @property
    def has_text(self) -> bool:
        return self._first is not None

    def note_sent(self) -> None:
        """Note that the request is sent; when it is sent again, the first time does not count."""
        self._sent = time.monotonic()

    def note_chunk(self, chunk: Chunk) -> None:
        self._last = chunk
        if self._first is None:
            self._first = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        outcome = self._outcome(error)
        self._count(outcome)
        if isinstance(error, _TO_BE_CORRECTED) or outcome == _FAILED:
            write = log.error
        elif isinstance(error, ModelError):
            write = log.warning
        elif self._facts is not None and not self._texts:
            self._facts.update(self._times(), **self._answer())
            return
        else:
            write = log.info
        write("model asked", outcome=outcome, **self._times(), **self._fields(), **self._said())

    def _outcome(self, error: BaseException | None) -> str:
        if isinstance(error, ModelError):
            return error.code
        if self._last is not None and self._last.finish is not None:
            return self._last.finish.value
        if isinstance(error, GeneratorExit | asyncio.CancelledError):
            return "stopped"
        return _FAILED

    def _count(self, outcome: str) -> None:
        provider = self._prompt.model.provider
        requests(provider, outcome).inc()
        if self._last is not None and (usage := self._last.usage) is not None:
            tokens(provider, "in").inc(usage.input_tokens)
            tokens(provider, "out").inc(usage.output_tokens)
        if self._sent is not None and self._first is not None:
            first_text_seconds(provider).observe(self._first - self._sent)

    def _times(self) -> dict[str, int]:
        """Return milliseconds: in the queue, from sending to the first text, and in all."""
        now = time.monotonic()
        times = {"queued_ms": (self._sent or now) - self._joined, "total_ms": now - self._joined}
        if self._sent is not None and self._first is not None:
            times["first_text_ms"] = self._first - self._sent
        return {name: round(seconds * 1000) for name, seconds in times.items()}

    def _fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = {
            "request_id": str(self._prompt.request_id),
            "user_id": self._user_id,
            "conversation_id": self._conversation_id,
            "model": self._prompt.model.id,
            **self._answer(),
        }
        if self.trace.refusal is not None:
            fields["refusal"] = self._refusal(self.trace.refusal)
        if self._last is not None and (usage := self._last.usage) is not None:
            fields["input_tokens"] = usage.input_tokens
            fields["output_tokens"] = usage.output_tokens
            fields["estimated"] = usage.estimated
        return fields

    def _answer(self) -> dict[str, Any]:
        """Return the facts of the answer that only the provider's response tells."""
        fields: dict[str, Any] = {
            "provider": self._prompt.model.provider,
            "server_ids": self.trace.server_ids,
        }
        if self._last is not None:
            fields["model_version"] = self._last.model_version
        return fields

    def _refusal(self, words: str) -> str:
        """Return the provider's words, without the part that may quote a user's text."""
        if self._texts or not any(_quotes(words, said.text) for said in self._prompt.messages):
            return words
        return words.partition(":")[0]

    def _said(self) -> dict[str, Any]:
        if not self._texts:
            return {}
        messages = [{"role": said.role.value, "text": said.text} for said in self._prompt.messages]
        return {"messages": messages, "answer": self._last.text if self._last else ""}


def _quotes(words: str, text: str) -> bool:
    if len(text) < _MIN_QUOTE_LENGTH:
        return text in words
    return any(
        text[at : at + _MIN_QUOTE_LENGTH] in words
        for at in range(len(text) - _MIN_QUOTE_LENGTH + 1)
    )
