"""`POST /api/chat` with `"stream": true`: the answer as Server-Sent Events."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from okno.kit.settings import Settings
from okno.llm.config import LlmSettings
from sandbox.llm import Fault, FaultKind, LanguageModelEmulator
from tests.support.api import Api, Someone
from tests.support.talking import (
    CHAT,
    Event,
    assistant,
    balance_of,
    events_in,
    expect_nothing_held,
    leave_units,
    read_events,
    rows,
    say,
    stream,
    user,
)
from tests.support.wait import until

LONG = "Tell me 300 words"


def question(someone: Someone, message: str) -> dict[str, str]:
    return {"userId": someone.id, "message": message}


async def read_some(events: AsyncIterator[Event], name: str) -> Event:
    """Read until there is an event of this name."""
    async for event in events:
        if event.name == name:
            return event
    raise AssertionError(f"there was no {name}")


async def test_the_deltas_are_the_answer_and_the_end_is_what_a_whole_answer_is(api: Api) -> None:
    anna = await api.register()
    *deltas, done = await read_events(api, CHAT, question(anna, LONG), anna.token)
    assert {event.name for event in deltas} == {"delta"}
    text = "".join(event.data["text"] for event in deltas)
    assert len(text.split()) == 300
    assert done == Event(
        "done",
        {
            "message": text,
            "context": [user(LONG), assistant(text)],
            "tokensUsed": (await balance_of(api, anna)).used_total,
        },
    )
    await expect_nothing_held(api)


async def test_no_proxy_is_to_keep_it(api: Api) -> None:
    anna = await api.register()
    async with stream(api, CHAT, question(anna, "echo: One"), anna.token) as response:
        assert response.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Accel-Buffering"] == "no"
        assert "Content-Length" not in response.headers


async def test_a_delta_comes_as_soon_as_there_is_one(
    api: Api, language_models: LanguageModelEmulator
) -> None:
    anna = await api.register()
    language_models.add_fault(Fault(FaultKind.STALL_INSIDE, seconds=60, after=1))
    async with stream(api, CHAT, question(anna, LONG), anna.token) as response:
        events = events_in(response)
        first = await read_some(events, "delta")
        assert first.data["text"].startswith("This is a **language model")
        await until(lambda: language_models.stalled == 1)
        language_models.release()
        await read_some(events, "done")
    await expect_nothing_held(api)


async def test_who_waits_for_a_turn_sees_his_place(
    api: Api, settings: Settings, language_models: LanguageModelEmulator
) -> None:
    slots = settings[LlmSettings].concurrency
    others = [await api.register() for _ in range(slots)]
    anna = await api.register()
    language_models.add_fault(Fault(FaultKind.STALL_INSIDE, times=slots, seconds=60))
    waiting = asyncio.gather(*(say(api, one, LONG) for one in others))
    await until(lambda: language_models.stalled == slots)
    async with stream(api, CHAT, question(anna, "echo: One"), anna.token) as response:
        events = events_in(response)
        assert (await read_some(events, "queued")).data == {"place": 1}
        language_models.release()
        assert (await read_some(events, "done")).data["message"] == "One"
    assert {reply.status for reply in await waiting} == {200}
    await expect_nothing_held(api)


async def test_a_refusal_before_the_first_word_has_its_status(
    api: Api, language_models: LanguageModelEmulator
) -> None:
    anna = await api.register()
    language_models.add_fault(Fault(FaultKind.HOURLY_LIMIT))
    async with stream(api, CHAT, question(anna, LONG), anna.token) as response:
        problem = await response.json()
        assert (response.status, problem["code"]) == (429, "model-busy")
        assert response.headers["Content-Type"] == "application/problem+json"
    await leave_units(api, anna, 10)
    async with stream(api, CHAT, question(anna, LONG), anna.token) as response:
        assert (response.status, (await response.json())["code"]) == (402, "payment-required")


async def test_a_failure_in_the_middle_is_the_last_event(
    api: Api, language_models: LanguageModelEmulator
) -> None:
    anna = await api.register()
    language_models.add_fault(Fault(FaultKind.STALL_INSIDE, seconds=60, after=2))
    async with stream(api, CHAT, question(anna, LONG), anna.token) as response:
        events = events_in(response)
        await read_some(events, "delta")
        language_models.reset()
        error = await read_some(events, "error")
        assert [event async for event in events] == []
    assert error.data["code"] == "model-stream-broken"
    assert error.data["status"] == 500
    assert error.data["requestId"] == response.headers["X-Request-ID"]
    assert (await balance_of(api, anna)).used_total == 0
    assert await rows(api, "SELECT status FROM messages") == [("failed",)]
    await expect_nothing_held(api)


@pytest.mark.parametrize("times", [1, 40])
async def test_a_slow_reader_gets_all_of_it(api: Api, times: int) -> None:
    anna = await api.register()
    async with stream(api, CHAT, question(anna, "Tell me 1800 words"), anna.token) as response:
        text, last = "", None
        async for event in events_in(response):
            if event.name == "delta":
                text += event.data["text"]
                for _ in range(times):
                    await asyncio.sleep(0)
            last = event
    assert last is not None
    assert last.data["message"] == text
    assert len(text.split()) == 1800


async def test_many_streams_at_once_lose_nothing(api: Api) -> None:
    people = [await api.register() for _ in range(40)]
    read = await asyncio.gather(
        *(read_events(api, CHAT, question(one, LONG), one.token) for one in people)
    )
    for one, (*deltas, done) in zip(people, read, strict=True):
        text = "".join(event.data["text"] for event in deltas if event.name == "delta")
        assert done.data["message"] == text
        assert (await balance_of(api, one)).used_total == done.data["tokensUsed"]
    await expect_nothing_held(api)


def test_the_queue_is_longer_than_what_is_tested() -> None:
    assert LlmSettings().queue_length > 40
