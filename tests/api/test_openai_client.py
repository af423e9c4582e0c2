"""`/v1` as the official client of OpenAI uses it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import openai
import pytest
from openai.types.chat import ChatCompletionUserMessageParam

from sandbox.llm import Fault, FaultKind, LanguageModelEmulator
from tests.support.api import Api, Someone
from tests.support.talking import (
    balance_of,
    expect_nothing_held,
    leave_units,
    until_nothing_is_held,
)
from tests.support.wait import until

MODEL = "yandexgpt-lite"


def said(content: str) -> list[ChatCompletionUserMessageParam]:
    return [{"role": "user", "content": content}]


@pytest.fixture
async def anna(api: Api) -> Someone:
    return await api.register()


@pytest.fixture
async def client(api: Api, anna: Someone) -> AsyncIterator[openai.AsyncOpenAI]:
    async with client_with(api, await api.make_api_key(anna)) as opened:
        yield opened


def client_with(api: Api, key: str) -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(base_url=f"{api.address}/v1", api_key=key, max_retries=0)


async def test_it_gets_an_answer(api: Api, anna: Someone, client: openai.AsyncOpenAI) -> None:
    completion = await client.chat.completions.create(model=MODEL, messages=said("echo: One"))
    assert completion.choices[0].message.content == "One"
    assert completion.choices[0].finish_reason == "stop"
    assert completion.usage is not None
    assert completion.usage.total_tokens == (await balance_of(api, anna)).used_total
    await expect_nothing_held(api)


async def test_it_gets_a_stream_with_its_usage(
    api: Api, anna: Someone, client: openai.AsyncOpenAI
) -> None:
    stream = await client.chat.completions.create(
        model=MODEL,
        messages=said("Tell me 300 words"),
        stream=True,
        stream_options={"include_usage": True},
    )
    text, usage = "", None
    async for chunk in stream:
        usage = chunk.usage or usage
        text += "".join(choice.delta.content or "" for choice in chunk.choices)
    assert len(text.split()) == 300
    assert usage is not None
    assert usage.total_tokens == (await balance_of(api, anna)).used_total


async def test_it_may_be_used_without_asyncio(api: Api, anna: Someone) -> None:
    key = await api.make_api_key(anna)

    def use() -> tuple[str | None, str, list[str]]:
        with openai.OpenAI(base_url=f"{api.address}/v1", api_key=key, max_retries=0) as client:
            whole = client.chat.completions.create(model=MODEL, messages=said("echo: One"))
            stream = client.chat.completions.create(
                model=MODEL, messages=said("echo: One two three"), stream=True
            )
            streamed = "".join(chunk.choices[0].delta.content or "" for chunk in stream)
            return (
                whole.choices[0].message.content,
                streamed,
                [model.id for model in client.models.list()],
            )

    assert await asyncio.to_thread(use) == (
        "One",
        "One two three",
        ["yandexgpt-lite", "yandexgpt", "gpt-mini"],
    )


async def test_it_finds_the_models(client: openai.AsyncOpenAI) -> None:
    listed = [model.id async for model in client.models.list()]
    assert MODEL in listed
    model = await client.models.retrieve(MODEL)
    assert (model.id, model.owned_by) == (MODEL, "yandexgpt")
    with pytest.raises(openai.NotFoundError):
        await client.models.retrieve("none")


@pytest.mark.parametrize("key", ["okno_wrong", "nonsense"])
async def test_a_wrong_key_is_an_authentication_error(api: Api, key: str) -> None:
    async with client_with(api, key) as client:
        with pytest.raises(openai.AuthenticationError) as refused:
            await client.models.list()
    assert refused.value.type == "authentication_error"


async def test_an_unknown_model_is_not_found(client: openai.AsyncOpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as refused:
        await client.chat.completions.create(model="gpt-none", messages=said("Hello"))
    assert (refused.value.code, refused.value.param) == ("model_not_found", "model")


async def test_what_is_not_supported_is_a_bad_request(client: openai.AsyncOpenAI) -> None:
    tools: list[Any] = [{"type": "function", "function": {"name": "f", "parameters": {}}}]
    with pytest.raises(openai.BadRequestError) as refused:
        await client.chat.completions.create(model=MODEL, messages=said("Hello"), tools=tools)
    assert refused.value.param == "tools"


async def test_the_limit_of_a_provider_is_a_rate_limit(
    client: openai.AsyncOpenAI, language_models: LanguageModelEmulator
) -> None:
    language_models.add_fault(Fault(FaultKind.HOURLY_LIMIT))
    with pytest.raises(openai.RateLimitError) as refused:
        await client.chat.completions.create(model=MODEL, messages=said("Hello"))
    assert int(refused.value.response.headers["Retry-After"]) > 0


async def test_what_is_not_paid_for_is_402(
    api: Api, anna: Someone, client: openai.AsyncOpenAI
) -> None:
    await leave_units(api, anna, 5)
    with pytest.raises(openai.APIStatusError) as refused:
        await client.chat.completions.create(model=MODEL, messages=said("Hello"))
    assert refused.value.status_code == 402
    assert refused.value.code == "insufficient_quota"


async def test_a_key_has_its_limit(api: Api, anna: Someone) -> None:
    async with client_with(api, await api.make_api_key(anna, limit=100)) as client:
        spent = 0
        with pytest.raises(openai.APIStatusError) as refused:
            for _ in range(20):
                completion = await client.chat.completions.create(
                    model=MODEL, messages=said("echo: One"), max_tokens=10
                )
                assert completion.usage is not None
                spent += completion.usage.total_tokens
    assert refused.value.status_code == 402
    assert 0 < spent <= 100
    assert (await balance_of(api, anna)).used_total == spent


async def test_an_error_in_a_stream_is_raised(
    client: openai.AsyncOpenAI, language_models: LanguageModelEmulator
) -> None:
    language_models.add_fault(Fault(FaultKind.STALL_INSIDE, seconds=60, after=2))
    stream = await client.chat.completions.create(
        model=MODEL, messages=said("Tell me 300 words"), stream=True
    )
    await anext(stream.__aiter__())
    language_models.reset()
    with pytest.raises(openai.APIError, match="answer"):
        async for _chunk in stream:
            pass


async def test_who_stops_reading_stops_the_model(
    api: Api, client: openai.AsyncOpenAI, language_models: LanguageModelEmulator
) -> None:
    language_models.add_fault(Fault(FaultKind.STALL_INSIDE, seconds=60, after=2))
    stream = await client.chat.completions.create(
        model=MODEL, messages=said("Tell me 300 words"), stream=True
    )
    await anext(stream.__aiter__())
    await stream.close()
    await until(lambda: language_models.running == 0, "the model to stop")
    await until_nothing_is_held(api)
