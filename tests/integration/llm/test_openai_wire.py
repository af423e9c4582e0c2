"""Chat completions byte by byte: what is sent, and how services differ."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import SecretStr

from okno.llm.config import OpenAiSettings
from okno.llm.dto import Chunk, Finish, Prompt, Trace, Usage
from okno.llm.errors import (
    ModelBusy,
    ModelRequestRefused,
    ModelStreamBroken,
    ModelUnavailable,
)
from okno.llm.providers.openai import OpenAi
from tests.support.prompts import make_model, make_prompt
from tests.support.scripted_service import Service

DONE = b"data: [DONE]\n\n"


def event(value: Any) -> bytes:
    return f"data: {json.dumps(value)}\n\n".encode()


def delta(content: str | None = None, finish: str | None = None, **more: Any) -> bytes:
    choice = {"index": 0, "delta": {"content": content}, "finish_reason": finish}
    return event(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion.chunk",
            "model": "gpt-5-mini-2025",
            "choices": [choice],
            **more,
        }
    )


def usage(prompt: int, completion: int) -> bytes:
    totals = {"prompt_tokens": prompt, "completion_tokens": completion}
    return event({"model": "gpt-5-mini-2025", "choices": [], "usage": totals})


def prompt() -> Prompt:
    return make_prompt("Hello?", model=make_model("gpt-5-mini", provider="openai"), max_tokens=100)


@pytest.fixture
async def openai(service: Service) -> AsyncIterator[OpenAi]:
    provider = make(service)
    yield provider
    await provider.close()


def make(service: Service, **settings: Any) -> OpenAi:
    return OpenAi(
        OpenAiSettings(api_base=f"{service.address}/v1", **{"project": None, **settings}),
        SecretStr("sk-a-long-key"),
    )


async def ask(provider: OpenAi, trace: Trace | None = None) -> list[Chunk]:
    return [chunk async for chunk in provider.stream(prompt(), trace or Trace())]


async def test_the_request_is_as_documented(openai: OpenAi, service: Service) -> None:
    service.reply(delta("x", "stop"), DONE)
    asked = prompt()
    async for _ in openai.stream(asked, Trace()):
        pass

    assert service.requests[0][0] == "/v1/chat/completions"
    assert service.body == {
        "model": "gpt-5-mini",
        "messages": [
            {"role": "system", "content": "You are an assistant."},
            {"role": "user", "content": "Hello?"},
        ],
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": 100,
        "temperature": 0.3,
    }
    assert service.headers["Authorization"] == "Bearer sk-a-long-key"
    assert service.headers["x-client-request-id"] == str(asked.request_id)
    assert "OpenAI-Project" not in service.headers


async def test_a_project_is_named(service: Service) -> None:
    service.reply(delta("x", "stop"), DONE)
    provider = make(service, project="b1gfolder")
    await ask(provider)
    await provider.close()
    assert service.headers["OpenAI-Project"] == "b1gfolder"


async def test_deltas_become_the_whole_text(openai: OpenAi, service: Service) -> None:
    service.reply(
        event({"model": "m", "choices": [{"delta": {"role": "assistant", "content": ""}}]}),
        delta("Hel"),
        delta("lo"),
        delta(None, "stop"),
        usage(9, 12),
        DONE,
    )
    assert await ask(openai) == [
        Chunk("Hel", None, None, "m"),
        Chunk("Hello", None, None, "m"),
        Chunk("Hello", Finish.STOP, Usage(9, 12), "m"),
    ]


async def test_what_comes_at_one_time_is_told_at_one_time(openai: OpenAi, service: Service) -> None:
    service.reply(delta("H") + delta("el"), delta("lo") + delta(None, "stop") + usage(9, 12) + DONE)
    assert await ask(openai) == [
        Chunk("Hel", None, None, "gpt-5-mini-2025"),
        Chunk("Hello", Finish.STOP, Usage(9, 12), "gpt-5-mini-2025"),
    ]


async def test_a_text_that_comes_with_an_error_is_told_before(
    openai: OpenAi, service: Service
) -> None:
    service.reply(delta("one") + event({"error": {"message": "oops", "type": "server_error"}}))
    shown = []
    with pytest.raises(ModelUnavailable):
        async for chunk in openai.stream(prompt(), Trace()):
            shown += [chunk.text]
    assert shown == ["one"]


@pytest.mark.parametrize(
    ("reason", "finish"),
    [
        ("stop", Finish.STOP),
        ("length", Finish.LENGTH),
        ("content_filter", Finish.CONTENT_FILTER),
        ("tool_calls", Finish.STOP),
        ("eos", Finish.STOP),
    ],
)
async def test_every_reason_ends_the_answer(
    openai: OpenAi, service: Service, reason: str, finish: Finish
) -> None:
    service.reply(delta("x", reason), usage(1, 1), DONE)
    assert [chunk.finish for chunk in await ask(openai)] == [None, finish]


@pytest.mark.parametrize(
    "end",
    [
        delta("o", "stop") + DONE,
        delta("o", "stop"),
        delta("o") + DONE,
        delta("o", "stop") + usage(0, 0) + DONE,
        delta("o", "stop", usage=None) + DONE,
    ],
    ids=["no usage", "no end sign", "no reason", "zeros", "null"],
)
async def test_an_end_without_usage_is_estimated(
    openai: OpenAi, service: Service, end: bytes
) -> None:
    service.reply(delta("Hell"), end)
    last = (await ask(openai))[-1]
    assert (last.text, last.finish) == ("Hello", Finish.STOP)
    assert last.usage is not None
    assert last.usage.estimated
    assert last.usage.output_tokens > 0


async def test_usage_that_comes_with_every_chunk_is_told_at_once(
    openai: OpenAi, service: Service
) -> None:
    def totals(completion: int) -> dict[str, int]:
        return {"prompt_tokens": 5, "completion_tokens": completion}

    service.reply(delta("a", usage=totals(1)), delta("b", "stop", usage=totals(2)), DONE)
    assert [chunk.usage for chunk in await ask(openai)] == [Usage(5, 1), Usage(5, 2), Usage(5, 2)]


async def test_torn_and_glued_events_are_read(openai: OpenAi, service: Service) -> None:
    body = (
        b": processing\r\n\r\n"
        + 'data: {"choices": [{"delta": {"content": "При 😀"}}]}\r\n\r\n'.encode()
        + b'event: x\r\ndata: {"choices": [{"delta": {"content": "\\ud83d"}}]}\r\n\r\n'
        + b'data: {"choices": [{"delta": {"content": "\\ude00"}, "finish_reason": "stop"}]}\r\n\r\n'
    )
    cut = body.index("😀".encode()) + 2
    service.reply(body[:cut], body[cut : cut + 9], body[cut + 9 :] + DONE)
    assert [chunk.text for chunk in await ask(openai)][-1] == "При 😀😀"


async def test_nothing_after_the_end_sign_is_waited_for(openai: OpenAi, service: Service) -> None:
    service.reply(delta("x", "stop"), usage(1, 1), DONE, hold=True)
    assert (await ask(openai))[-1].finish is Finish.STOP
    await service.wait_until_left()


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b'data: {"choices": [{',
        event({"choices": [7]}),
        event({"choices": [{"delta": {"content": 7}}]}),
        event({"choices": [{"delta": "x"}]}),
        event({"choices": 7}),
        event({"choices": [{"delta": {}, "finish_reason": ["stop"]}]}),
    ],
)
async def test_a_stream_without_a_proper_end_is_broken(
    openai: OpenAi, service: Service, broken: bytes
) -> None:
    service.reply(delta("one"), broken)
    shown = []
    with pytest.raises(ModelStreamBroken):
        async for chunk in openai.stream(prompt(), Trace()):
            shown += [chunk.text]
    assert shown == ["one"]


async def test_an_error_within_the_stream_is_told_apart(openai: OpenAi, service: Service) -> None:
    service.reply(delta("x"), event({"error": {"message": "oops", "type": "server_error"}}))
    trace = Trace()
    with pytest.raises(ModelUnavailable):
        await ask(openai, trace)
    assert trace.refusal == "500: oops"


REFUSALS = {
    "stream_options": "Unrecognized request argument supplied: stream_options",
    "max_tokens": "Unsupported parameter: 'max_tokens' is not supported with this model.",
    "temperature": "Unsupported value: 'temperature' does not support 0.3 with this model.",
}


def refuse(service: Service, field: str, status: int = 400) -> None:
    error = {"message": REFUSALS[field], "type": "invalid_request_error", "param": field}
    service.reply(json.dumps({"error": error}).encode(), status=status)


@pytest.mark.parametrize("status", [400, 422])
async def test_fields_that_a_model_refuses_are_left_out_from_then_on(
    openai: OpenAi, service: Service, status: int
) -> None:
    for field in REFUSALS:
        refuse(service, field, status)
    service.reply(delta("x", "stop"), DONE)

    assert (await ask(openai))[-1].text == "x"
    assert len(service.requests) == 4
    assert not {"stream_options", "max_tokens", "temperature"} & service.body.keys()
    assert service.body["max_completion_tokens"] == 100
    adapted = service.body

    await ask(openai)
    assert len(service.requests) == 5
    assert service.body == adapted


async def test_what_did_not_help_is_not_kept(openai: OpenAi, service: Service) -> None:
    refuse(service, "temperature")
    refuse(service, "temperature")
    service.reply(delta("x", "stop"), DONE)
    with pytest.raises(ModelRequestRefused):
        await ask(openai)
    assert len(service.requests) == 2

    await ask(openai)
    assert service.body["temperature"] == 0.3


async def test_another_fault_of_the_request_is_not_tried_again(
    openai: OpenAi, service: Service
) -> None:
    service.reply(b'{"error": {"message": "maximum context length is 10"}}', status=400)
    with pytest.raises(ModelRequestRefused):
        await ask(openai)
    assert len(service.requests) == 1


async def test_a_fault_told_within_the_stream_is_not_tried_again(
    openai: OpenAi, service: Service
) -> None:
    fault = {"error": {"message": "temperature", "type": "invalid_request_error"}}
    service.reply(delta("x"), event(fault))
    with pytest.raises(ModelRequestRefused):
        await ask(openai)
    assert len(service.requests) == 1


async def test_the_service_tells_how_long_it_is_busy(openai: OpenAi, service: Service) -> None:
    service.reply(b'{"error": {"message": "Rate limit"}}', status=429, headers={"Retry-After": "7"})
    with pytest.raises(ModelBusy) as caught:
        await ask(openai)
    assert caught.value.values == {"seconds": 7}


async def test_models_are_listed(openai: OpenAi, service: Service) -> None:
    service.reply(b'{"object": "list", "data": [{"id": "gpt-5-mini"}, {"id": "gpt-5"}]}')
    assert await openai.list_models() == ("gpt-5-mini", "gpt-5")
    assert service.requests[0][0] == "/v1/models"


@pytest.mark.parametrize("answer", [b"", b"[]", b"{}", b'{"data": 7}', b'{"data": ["x"]}'])
async def test_a_list_that_can_not_be_read_is_broken(
    openai: OpenAi, service: Service, answer: bytes
) -> None:
    service.reply(answer)
    with pytest.raises(ModelStreamBroken):
        await openai.list_models()


async def test_what_breaks_after_the_reason_to_end_costs_nothing_of_the_answer(
    openai: OpenAi, service: Service
) -> None:
    service.reply(delta("whole"), delta(finish="stop"), usage(3, 1), b'data: {"choices": [{')

    chunks = [chunk async for chunk in openai.stream(prompt(), Trace())]

    assert (chunks[-1].text, chunks[-1].finish) == ("whole", Finish.STOP)
    assert chunks[-1].usage == Usage(3, 1)
