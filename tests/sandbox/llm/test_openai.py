"""OpenAI's chat completions, whole and streamed, and their refusals."""

import json
from typing import Any

import pytest

from sandbox.llm import LanguageModelEmulator
from tests.sandbox.llm.clients import OpenAi


async def test_a_whole_answer(openai: OpenAi, models: LanguageModelEmulator) -> None:
    answer = await openai.whole("echo: pong")
    [kept] = models.requests()
    assert answer == {
        "id": f"chatcmpl-{kept.request_id}",
        "object": "chat.completion",
        "created": int(kept.at),
        "model": "gpt-5-mini",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": "pong", "refusal": None},
                "logprobs": None,
                "finish_reason": "stop",
            }
        ],
        "usage": {"prompt_tokens": 16, "completion_tokens": 1, "total_tokens": 17},
    }


async def test_a_stream_begins_with_the_role_and_ends_with_a_reason(openai: OpenAi) -> None:
    chunks = await openai.chunks("echo: Привет из окна")
    choices = [chunk["choices"][0] for chunk in chunks]
    assert choices[0]["delta"]["role"] == "assistant"
    deltas = [choice["delta"]["content"] for choice in choices[:-1]]
    assert "".join(deltas) == "Привет из окна"
    assert len(deltas) > 3
    assert choices[-1] == {"index": 0, "logprobs": None, "finish_reason": "stop", "delta": {}}
    assert {choice["finish_reason"] for choice in choices[:-1]} == {None}
    assert len({(chunk["id"], chunk["created"], chunk["model"]) for chunk in chunks}) == 1
    assert not any("usage" in chunk for chunk in chunks)


async def test_usage_comes_in_a_chunk_of_its_own_when_asked_for(openai: OpenAi) -> None:
    *chunks, last = await openai.chunks("echo: pong", stream_options={"include_usage": True})
    assert [chunk["usage"] for chunk in chunks] == [None] * len(chunks)
    assert last["choices"] == []
    assert last["usage"] == {"prompt_tokens": 16, "completion_tokens": 1, "total_tokens": 17}


async def test_a_stream_is_made_of_events(openai: OpenAi) -> None:
    async with openai.open("Hi") as response:
        assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert response.headers["x-request-id"].startswith("req_")
        assert (await response.read()).endswith(b"}\n\ndata: [DONE]\n\n")


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
async def test_the_limit_of_tokens_truncates(openai: OpenAi, name: str) -> None:
    answer = await openai.whole("Write 100 words", **{name: 7})
    assert answer["choices"][0]["finish_reason"] == "length"
    assert answer["usage"]["completion_tokens"] == 7


async def test_texts_may_come_in_parts_and_developers_are_systems(
    openai: OpenAi, models: LanguageModelEmulator
) -> None:
    messages: list[Any] = [
        {"role": "developer", "content": "You are an editor."},
        {
            "role": "user",
            "content": [{"type": "text", "text": "echo: "}, {"type": "text", "text": "pong"}],
        },
    ]
    answer = await openai.whole("", messages=messages)
    assert answer["choices"][0]["message"]["content"] == "pong"
    assert [message.role for message in models.requests()[0].messages] == ["system", "user"]


async def test_a_wrong_key(openai: OpenAi) -> None:
    openai.headers = {"Authorization": "Bearer wrong"}
    assert await openai.refused(openai.body("Hi")) == (
        401,
        {
            "message": "Incorrect API key provided.",
            "type": "invalid_request_error",
            "param": None,
            "code": "invalid_api_key",
        },
    )
    async with openai.http.get("/openai/v1/models", headers=openai.headers) as response:
        assert response.status == 401


async def test_an_unknown_model(openai: OpenAi) -> None:
    status, error = await openai.refused(openai.body("Hi", model="gpt-99"))
    assert (status, error["code"]) == (404, "model_not_found")
    assert "`gpt-99`" in error["message"]


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "robot", "content": "Hi"}]}, "messages.0.role"),
        ({"temperature": 2.1}, "temperature"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"stream": False, "stream_options": {"include_usage": True}}, "stream_options"),
        ({"messages": [{"role": "user", "content": "word " * 150_000}]}, "messages"),
    ],
)
async def test_an_invalid_body(openai: OpenAi, fields: dict[str, Any], param: str) -> None:
    status, error = await openai.refused({**openai.body("Hi"), **fields})
    assert (status, error["type"], error["param"]) == (400, "invalid_request_error", param)


async def test_a_body_that_is_no_json(openai: OpenAi) -> None:
    url = "/openai/v1/chat/completions"
    async with openai.http.post(url, data=b"{", headers=openai.headers) as response:
        assert response.status == 400
        assert json.loads(await response.read())["error"]["type"] == "invalid_request_error"


async def test_the_list_of_models(openai: OpenAi) -> None:
    async with openai.http.get("/openai/v1/models", headers=openai.headers) as response:
        body = await response.json()
    assert body["object"] == "list"
    names = [model["id"] for model in body["data"]]
    assert "gpt-5-mini" in names
    for name in names:
        assert await openai.whole("Hi", model=name)
