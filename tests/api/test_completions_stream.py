"""`POST /v1/chat/completions` with `"stream": true`."""

from typing import Any

from sandbox.llm import Fault, FaultKind, LanguageModelEmulator
from tests.support.api import Api
from tests.support.talking import (
    COMPLETIONS,
    balance_of,
    events_in,
    expect_nothing_held,
    read_events,
    stream,
    user,
)

LONG = "Tell me 300 words"


def body(content: str = LONG, **fields: Any) -> dict[str, Any]:
    return {"model": "yandexgpt-lite", "messages": [user(content)], **fields}


def text_of(chunks: list[dict[str, Any]]) -> str:
    return "".join(
        chunk["choices"][0]["delta"].get("content", "") for chunk in chunks if chunk["choices"]
    )


async def read_chunks(api: Api, token: str, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """Read a stream that has to come to its end in good order."""
    *events, done = await read_events(api, COMPLETIONS, asked, token)
    assert done.data == "[DONE]"
    assert {event.name for event in events} == {"message"}
    return [event.data for event in events]


async def test_the_chunks_are_openai_s(api: Api) -> None:
    anna = await api.register()
    chunks = await read_chunks(api, anna.token, body())
    first, *middle, last = chunks
    assert first["choices"][0]["delta"] == {"role": "assistant", "content": ""}
    assert all(set(chunk["choices"][0]["delta"]) == {"content"} for chunk in middle)
    assert last["choices"][0]["delta"] == {}
    assert [chunk["choices"][0]["finish_reason"] for chunk in chunks] == [
        *[None] * (len(chunks) - 1),
        "stop",
    ]
    assert len({(chunk["id"], chunk["created"], chunk["model"]) for chunk in chunks}) == 1
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    assert all("usage" not in chunk for chunk in chunks)
    assert len(text_of(chunks).split()) == 300
    await expect_nothing_held(api)


async def test_the_usage_comes_in_a_chunk_of_its_own(api: Api) -> None:
    anna = await api.register()
    asked = body("echo: One", stream_options={"include_usage": True})
    *others, last = await read_chunks(api, anna.token, asked)
    assert [chunk["usage"] for chunk in others] == [None] * len(others)
    assert last["choices"] == []
    assert last["usage"]["cost"] == (await balance_of(api, anna)).used_total > 0
    assert others[-1]["choices"][0]["finish_reason"] == "stop"


async def test_the_reason_of_the_end_is_told(
    api: Api, language_models: LanguageModelEmulator
) -> None:
    anna = await api.register()
    chunks = await read_chunks(api, anna.token, body(max_tokens=20))
    assert chunks[-1]["choices"][0]["finish_reason"] == "length"
    language_models.add_fault(Fault(FaultKind.CONTENT_FILTER, after=2))
    chunks = await read_chunks(api, anna.token, body())
    assert chunks[-1]["choices"][0]["finish_reason"] == "content_filter"


async def test_of_a_text_that_stops_it_nothing_is_shown(api: Api) -> None:
    anna = await api.register()
    chunks = await read_chunks(api, anna.token, body("echo: One two three", stop=["two t", "thr"]))
    assert text_of(chunks) == "One "
    assert chunks[-1]["choices"][0]["finish_reason"] == "stop"


async def test_an_error_before_the_first_word_has_its_status(
    api: Api, language_models: LanguageModelEmulator
) -> None:
    anna = await api.register()
    language_models.add_fault(Fault(FaultKind.HOURLY_LIMIT))
    async with stream(api, COMPLETIONS, body(), anna.token) as response:
        assert response.status == 429
        assert (await response.json())["error"]["type"] == "rate_limit_error"


async def test_an_error_in_the_middle_is_the_last_event(
    api: Api, language_models: LanguageModelEmulator
) -> None:
    anna = await api.register()
    language_models.add_fault(Fault(FaultKind.STALL_INSIDE, seconds=60, after=2))
    async with stream(api, COMPLETIONS, body(), anna.token) as response:
        events = events_in(response)
        first = await anext(events)
        assert first.data["choices"][0]["delta"]["role"] == "assistant"
        language_models.reset()
        *_, last = [event async for event in events]
    assert last.data["error"]["code"] == "model_stream_broken"
    assert (await balance_of(api, anna)).used_total == 0
    await expect_nothing_held(api)
