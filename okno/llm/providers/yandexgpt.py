"""YandexGPT by its own REST API.

https://yandex.cloud/en/docs/ai-studio/text-generation/api-ref/TextGeneration/completion. Some facts
are seen only in its traffic: an answer is wrapped in `result`; a stream is one JSON object per
line, with the whole text so far, which may still change; numbers may be strings.
"""

from collections.abc import AsyncGenerator

from okno.kit.errors import StartupError
from okno.llm import tokens
from okno.llm.config import YandexGptSettings
from okno.llm.dto import Chunk, Finish, Prompt, Trace, Usage
from okno.llm.errors import ModelStreamBroken
from okno.llm.providers.connection import Connection
from okno.llm.providers.frames import Frames, Json
from okno.llm.providers.refusal import refusal_in
from okno.llm.providers.values import label, mended, number

_COMPLETION = "/foundationModels/v1/completion"
_TOKENIZER = "/foundationModels/v1/tokenizeCompletion"

_FINISH = {
    "ALTERNATIVE_STATUS_FINAL": Finish.STOP,
    "ALTERNATIVE_STATUS_TRUNCATED_FINAL": Finish.LENGTH,
    "ALTERNATIVE_STATUS_CONTENT_FILTER": Finish.CONTENT_FILTER,
    # No tools are offered, so there is nothing to wait for.
    "ALTERNATIVE_STATUS_TOOL_CALLS": Finish.STOP,
}
_HIGHEST_TEMPERATURE = 1.0
# No request lists them; tuned models (…@suffix) are known only to their owner.
_KNOWN_MODELS = tuple(
    f"{family}/{branch}"
    for family in ("yandexgpt-lite", "yandexgpt")
    for branch in ("latest", "rc", "deprecated")
)


class YandexGpt:
    """A `ModelProvider` for the models of one folder."""

    def __init__(self, settings: YandexGptSettings) -> None:
        """Raises `StartupError` when there is a key but no folder."""
        if not settings.folder_id:
            raise StartupError("YANDEXGPT_FOLDER_ID is missing: the key needs its folder.")
        self._folder = settings.folder_id
        self._connection = Connection(settings.api_base, _headers(settings, self._folder))

    async def stream(self, prompt: Prompt, trace: Trace) -> AsyncGenerator[Chunk, None]:
        text = ""
        async with self._connection.stream(
            _COMPLETION, self._body(prompt), trace, _request_headers(prompt)
        ) as response:
            async for frame in Frames(response.content):
                if (refusal := refusal_in(frame)) is not None:
                    trace.refusal = str(refusal)
                    raise refusal.error()
                chunk = _read(frame, prompt, text)
                if chunk.finish is not None:
                    yield chunk
                    return
                if chunk.text:
                    text = chunk.text
                    yield chunk
        raise ModelStreamBroken

    async def count_tokens(self, prompt: Prompt, trace: Trace) -> int:
        found = await self._connection.fetch(
            "POST",
            _TOKENIZER,
            trace=trace,
            body=self._body(prompt),
            headers=_request_headers(prompt),
        )
        counted = _unwrapped(found).get("tokens")
        if not isinstance(counted, list):
            raise ModelStreamBroken
        return len(counted)

    async def list_models(self) -> tuple[str, ...]:
        return _KNOWN_MODELS

    async def close(self) -> None:
        await self._connection.close()

    def _body(self, prompt: Prompt) -> Json:
        return {
            "modelUri": f"gpt://{self._folder}/{prompt.model.remote}",
            "completionOptions": {
                "stream": True,
                "temperature": min(prompt.temperature, _HIGHEST_TEMPERATURE),
                "maxTokens": str(prompt.max_tokens),
            },
            "messages": [
                {"role": message.role.value, "text": message.text} for message in prompt.messages
            ],
        }


def _headers(settings: YandexGptSettings, folder: str) -> dict[str, str]:
    headers = {"x-data-logging-enabled": str(settings.data_logging).lower()}
    if settings.api_key is not None:
        # The key belongs to a service account, whose folder the provider knows.
        headers["Authorization"] = f"Api-Key {settings.api_key.get_secret_value()}"
    elif settings.iam_token is not None:
        headers["Authorization"] = f"Bearer {settings.iam_token.get_secret_value()}"
        headers["x-folder-id"] = folder
    return headers


def _request_headers(prompt: Prompt) -> dict[str, str]:
    return {"x-client-request-id": str(prompt.request_id)}


def _read(frame: Json, prompt: Prompt, before: str) -> Chunk:
    """Read a frame. A last frame without text keeps the text of the frame before."""
    result = _unwrapped(frame)
    try:
        first = (result.get("alternatives") or [{}])[0]
        text = mended((first.get("message") or {}).get("text") or "")
        finish = _FINISH.get(first.get("status"))
        usage = _usage(result.get("usage"))
        version = label(result.get("modelVersion"))
    except (AttributeError, LookupError, TypeError) as error:
        raise ModelStreamBroken from error
    if finish is not None:
        text = text or before
        usage = usage or tokens.estimate(prompt.messages, text)
    return Chunk(text, finish, usage, version)


def _unwrapped(found: Json) -> Json:
    result = found.get("result") or found
    if not isinstance(result, dict):
        raise ModelStreamBroken
    return result


def _usage(usage: Json | None) -> Usage | None:
    if not usage:
        return None
    read = Usage(number(usage.get("inputTextTokens")), number(usage.get("completionTokens")))
    return read if read.input_tokens else None  # there is no prompt without tokens
