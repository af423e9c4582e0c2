"""Clients that show the wire as it is."""

import json
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientResponse, ClientSession

URI = "gpt://demo/yandexgpt-lite/latest"
COMPLETION = "/yandexgpt/foundationModels/v1/completion"
CHAT = "/openai/v1/chat/completions"


@dataclass(slots=True)
class YandexGpt:
    """Asks as the documentation says; fields given by name replace those of the body."""

    http: ClientSession
    headers: dict[str, str] = field(default_factory=lambda: {"Authorization": "Api-Key demo-key"})

    def body(self, question: str, *, stream: bool = True, **options: Any) -> dict[str, Any]:
        return {
            "modelUri": URI,
            "completionOptions": {"stream": stream, "maxTokens": "2000", **options},
            "messages": [{"role": "user", "text": question}],
        }

    def post(self, path: str, body: Any) -> AbstractAsyncContextManager[ClientResponse]:
        return self.http.post(path, json=body, headers=self.headers)

    def open(self, question: str, **options: Any) -> AbstractAsyncContextManager[ClientResponse]:
        """A streamed answer; the connection closes with the block."""
        return self.post(COMPLETION, self.body(question, **options))

    async def frames(self, question: str, **options: Any) -> list[dict[str, Any]]:
        """All frames, without their wrapper."""
        async with self.open(question, **options) as response:
            assert response.status == 200
            return [json.loads(line)["result"] async for line in response.content]

    async def whole(self, question: str, **options: Any) -> dict[str, Any]:
        async with self.open(question, stream=False, **options) as response:
            assert response.status == 200
            result: dict[str, Any] = (await response.json())["result"]
            return result

    async def refused(self, body: Any, path: str = COMPLETION) -> tuple[int, dict[str, Any]]:
        async with self.post(path, body) as response:
            error: dict[str, Any] = (await response.json())["error"]
            return response.status, error


@dataclass(slots=True)
class OpenAi:
    http: ClientSession
    headers: dict[str, str] = field(default_factory=lambda: {"Authorization": "Bearer demo-key"})

    def body(self, question: str, *, stream: bool = True, **fields: Any) -> dict[str, Any]:
        messages = [{"role": "user", "content": question}]
        return {"model": "gpt-5-mini", "messages": messages, "stream": stream, **fields}

    def post(self, body: Any) -> AbstractAsyncContextManager[ClientResponse]:
        return self.http.post(CHAT, json=body, headers=self.headers)

    def open(self, question: str, **fields: Any) -> AbstractAsyncContextManager[ClientResponse]:
        return self.post(self.body(question, **fields))

    async def events(self, question: str, **fields: Any) -> list[str]:
        """Return the texts after `data: `."""
        async with self.open(question, **fields) as response:
            assert response.status == 200
            return [event async for event in _events(response)]

    async def chunks(self, question: str, **fields: Any) -> list[dict[str, Any]]:
        *chunks, done = await self.events(question, **fields)
        assert done == "[DONE]"
        return [json.loads(chunk) for chunk in chunks]

    async def whole(self, question: str, **fields: Any) -> dict[str, Any]:
        async with self.open(question, stream=False, **fields) as response:
            assert response.status == 200
            body: dict[str, Any] = await response.json()
            return body

    async def refused(self, body: Any) -> tuple[int, dict[str, Any]]:
        async with self.post(body) as response:
            error: dict[str, Any] = (await response.json())["error"]
            return response.status, error


async def _events(response: ClientResponse) -> AsyncIterator[str]:
    text = (await response.read()).decode()
    for event in text.removesuffix("\n\n").split("\n\n"):
        assert event.startswith("data: "), event
        yield event.removeprefix("data: ")


def text_of(frame: dict[str, Any]) -> str:
    """The text of a YandexGPT frame."""
    return str(frame["alternatives"][0]["message"]["text"])


def status_of(frame: dict[str, Any]) -> str:
    """The status of a YandexGPT frame, such as `PARTIAL`."""
    return str(frame["alternatives"][0]["status"]).removeprefix("ALTERNATIVE_STATUS_")
