"""Chat completions as OpenAI defined them: ChatGPT, vLLM, Ollama, Yandex AI Studio and others.

https://platform.openai.com/docs/api-reference/chat-streaming. The services differ in details: some
refuse a field, some send no usage, some send it unasked.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

import structlog
from aiohttp import ClientError
from pydantic import SecretStr

from okno.llm import tokens
from okno.llm.config import OpenAiSettings
from okno.llm.dto import Chunk, Finish, Prompt, Trace, Usage
from okno.llm.errors import ModelStreamBroken
from okno.llm.providers.connection import Connection
from okno.llm.providers.frames import DONE, Frames, Json
from okno.llm.providers.refusal import FaultFound, refusal_in
from okno.llm.providers.values import label, mended, number

log = structlog.get_logger(__name__)

_FINISH = {"length": Finish.LENGTH, "content_filter": Finish.CONTENT_FILTER}
_DISPENSABLE = ("max_tokens", "stream_options", "temperature")
"""Fields that some models and servers refuse: OpenAI's newer models the first and the last."""


class OpenAi:
    """A `ModelProvider` for one service that speaks chat completions."""

    def __init__(self, settings: OpenAiSettings, key: SecretStr) -> None:
        headers = {"Authorization": f"Bearer {key.get_secret_value()}"}
        if settings.project:
            headers["OpenAI-Project"] = settings.project
        self._connection = Connection(settings.api_base, headers)
        self._refused_fields: dict[str, frozenset[str]] = {}

    async def stream(self, prompt: Prompt, trace: Trace) -> AsyncGenerator[Chunk, None]:
        model = prompt.model.remote
        without = self._refused_fields.get(model, frozenset())
        while True:
            begun = False
            try:
                async with aclosing(self._attempt(_body(prompt, without), prompt, trace)) as chunks:
                    async for chunk in chunks:
                        if not begun:
                            begun = True
                            self._refused_fields[model] = without
                        yield chunk
            except FaultFound as fault:
                named = frozenset(field for field in _DISPENSABLE if field in fault.body)
                if begun or named <= without:
                    raise
                without |= named
                log.info("asking again without refused fields", model=model, fields=sorted(named))
            else:
                return

    async def count_tokens(self, prompt: Prompt, trace: Trace) -> int:  # noqa: ARG002 - the port's
        """Return an upper bound: there is no request that counts."""
        return tokens.upper_bound(prompt.messages)

    async def list_models(self) -> tuple[str, ...]:
        found = await self._connection.fetch("GET", "/models", trace=Trace())
        try:
            return tuple(str(model["id"]) for model in found["data"])
        except (LookupError, TypeError) as error:
            raise ModelStreamBroken from error

    async def close(self) -> None:
        await self._connection.close()

    async def _attempt(
        self, body: Json, prompt: Prompt, trace: Trace
    ) -> AsyncGenerator[Chunk, None]:
        answer = _Answer()
        has_grown = False
        headers = {"x-client-request-id": str(prompt.request_id)}
        async with self._connection.stream("/chat/completions", body, trace, headers) as response:
            try:
                frames = Frames(response.content)
                async for frame in frames:
                    if frame is DONE:
                        answer.finish = answer.finish or Finish.STOP
                        break
                    if (refusal := refusal_in(frame)) is not None:
                        trace.refusal = str(refusal)
                        if has_grown:
                            yield answer.chunk()
                        raise refusal.error()
                    has_grown = answer.take(frame) or has_grown
                    if has_grown and not frames.more_at_hand:
                        has_grown = False
                        yield answer.chunk()
            except (ClientError, ModelStreamBroken):
                # After the reason of its end, nothing of the answer is missing.
                if answer.finish is None:
                    raise
            if answer.finish is None:
                raise ModelStreamBroken
            answer.usage = answer.usage or tokens.estimate(prompt.messages, answer.text)
            yield answer.chunk(answer.finish)


@dataclass(slots=True)
class _Answer:
    """The answer as far as the stream has sent it."""

    text: str = ""
    finish: Finish | None = None
    usage: Usage | None = None
    version: str | None = None

    def take(self, frame: Json) -> bool:
        """Add a frame; return whether the text has grown. Frames with a usage have no choices."""
        try:
            self.usage = _usage(frame.get("usage")) or self.usage
            self.version = self.version or label(frame.get("model"))
            first = (frame.get("choices") or [{}])[0]
            added = (first.get("delta") or {}).get("content") or ""
            self.text += added
            if reason := first.get("finish_reason"):
                self.finish = _FINISH.get(reason, Finish.STOP)
        except (AttributeError, LookupError, TypeError) as error:
            raise ModelStreamBroken from error
        return bool(added)

    def chunk(self, finish: Finish | None = None) -> Chunk:
        return Chunk(mended(self.text), finish, self.usage, self.version)


def _body(prompt: Prompt, without: frozenset[str]) -> Json:
    limit = "max_completion_tokens" if "max_tokens" in without else "max_tokens"
    body: Json = {
        "model": prompt.model.remote,
        "messages": [
            {"role": message.role.value, "content": message.text} for message in prompt.messages
        ],
        "stream": True,
        limit: prompt.max_tokens,
    }
    if "stream_options" not in without:
        body["stream_options"] = {"include_usage": True}
    if "temperature" not in without:
        body["temperature"] = prompt.temperature
    return body


def _usage(usage: Json | None) -> Usage | None:
    """Read the usage; some services send zeros until they know it."""
    if not usage:
        return None
    read = Usage(number(usage.get("prompt_tokens")), number(usage.get("completion_tokens")))
    return read if read.input_tokens else None
