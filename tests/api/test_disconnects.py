"""Clients that go away: the answer ends with them, and they pay for what there was of it."""

import asyncio
from contextlib import suppress
from typing import Any

import aiohttp
import pytest

from okno.assistant.dto import MessageStatus, Origin
from okno.assistant.service import AbandonedGenerations
from okno.kit.actor import SYSTEM
from okno.kit.settings import Settings
from okno.llm.config import LlmSettings
from sandbox.llm import Call, Fault, FaultKind, LanguageModelEmulator, Outcome
from tests.support.api import Api, Reply, Someone
from tests.support.talking import (
    CHAT,
    COMPLETIONS,
    balance_of,
    chat_of,
    events_in,
    rows,
    say,
    stream,
    until_no_rows,
    until_nothing_is_held,
    user,
)
from tests.support.wait import TIMEOUT, until

LONG = "Tell me 300 words"


def body_of(path: str, someone: Someone, message: str = LONG) -> dict[str, Any]:
    if path == CHAT:
        return {"userId": someone.id, "message": message}
    return {"model": "yandexgpt-lite", "messages": [user(message)]}


async def given_up(language_models: LanguageModelEmulator) -> int:
    """Wait until the model has seen that nobody waits; return the tokens until then."""
    await until(
        lambda: language_models.requests(Call.COMPLETION)[-1].outcome is Outcome.CLIENT_GONE
    )
    asked = language_models.requests(Call.COMPLETION)[-1]
    return asked.input_tokens + asked.output_tokens


async def leave_whole(api: Api, path: str, someone: Someone) -> "asyncio.Task[None]":
    """Begin to wait for a whole answer, in a task that a test cancels."""

    async def wait() -> None:
        await api.post(path, body_of(path, someone), someone.token)

    return asyncio.create_task(wait())  # noqa: TID251 - the test cancels it


@pytest.mark.parametrize("path", [CHAT, COMPLETIONS])
async def test_who_leaves_a_stream_in_the_middle_pays_up_to_the_last_frame(
    api: Api, language_models: LanguageModelEmulator, path: str
) -> None:
    anna = await api.register()
    language_models.add_fault(Fault(FaultKind.STALL_INSIDE, seconds=60, after=3))
    async with stream(api, path, body_of(path, anna), anna.token) as response:
        await anext(events_in(response))
        await until(lambda: language_models.stalled == 1)
    await until_nothing_is_held(api)
    tokens = await given_up(language_models)
    assert (await balance_of(api, anna)).used_total == tokens > 0


@pytest.mark.parametrize("path", [CHAT, COMPLETIONS])
async def test_who_leaves_a_whole_answer_in_the_middle_pays_up_to_the_last_frame(
    api: Api, language_models: LanguageModelEmulator, path: str
) -> None:
    anna = await api.register()
    language_models.add_fault(Fault(FaultKind.STALL_INSIDE, seconds=60, after=3))
    waiting = await leave_whole(api, path, anna)
    await until(lambda: language_models.stalled == 1)
    waiting.cancel()
    await until_nothing_is_held(api)
    tokens = await given_up(language_models)
    assert (await balance_of(api, anna)).used_total == tokens > 0


@pytest.mark.parametrize("path", [CHAT, COMPLETIONS])
@pytest.mark.parametrize("is_stream", [True, False])
async def test_who_leaves_before_the_first_frame_pays_nothing(
    api: Api, language_models: LanguageModelEmulator, path: str, *, is_stream: bool
) -> None:
    anna = await api.register()
    language_models.add_fault(Fault(FaultKind.STALL_BEFORE, seconds=60))
    body = {**body_of(path, anna), "stream": is_stream}
    waiting = asyncio.gather(api.post(path, body, anna.token))
    await until(lambda: language_models.stalled == 1)
    waiting.cancel()
    await until_nothing_is_held(api)
    await given_up(language_models)
    assert (await balance_of(api, anna)).used_total == 0
    assert await rows(api, "SELECT status FROM messages WHERE status <> 'failed'") == []


@pytest.mark.parametrize("path", [CHAT, COMPLETIONS])
async def test_who_leaves_the_queue_is_not_asked_for(
    api: Api, settings: Settings, language_models: LanguageModelEmulator, path: str
) -> None:
    slots = settings[LlmSettings].concurrency
    others = [await api.register() for _ in range(slots)]
    anna = await api.register()
    language_models.add_fault(Fault(FaultKind.STALL_INSIDE, times=slots, seconds=60))
    running = asyncio.gather(*(say(api, one, LONG) for one in others))
    await until(lambda: language_models.stalled == slots)
    async with stream(api, path, body_of(path, anna), anna.token) as response:
        assert (await response.content.readline()).strip()
    await until_no_rows(api, f"SELECT 1 FROM balances WHERE held > 0 AND user_id = {anna.id}")  # noqa: S608 - a number
    language_models.release()
    assert {reply.status for reply in await running} == {200}
    assert len(language_models.requests(Call.COMPLETION)) == slots
    assert (await balance_of(api, anna)).used_total == 0


async def test_what_was_left_is_kept_and_nobody_has_to_be_told(
    api: Api, language_models: LanguageModelEmulator
) -> None:
    anna = await api.register()
    language_models.add_fault(Fault(FaultKind.STALL_INSIDE, seconds=60, after=3))
    async with stream(api, CHAT, body_of(CHAT, anna), anna.token) as response:
        event = await anext(events_in(response))
        await until(lambda: language_models.stalled == 1)
    await until_nothing_is_held(api)

    chat = await chat_of(api, anna)
    assert chat.answer is not None
    assert chat.answer.status is MessageStatus.STOPPED
    assert chat.answer.text.startswith(event.data["text"])
    generations = await api.container.get(AbandonedGenerations)
    for origin in Origin:
        assert await generations.end_all(SYSTEM, origin) == ()
    assert (await say(api, anna, "echo: Next")).body["message"] == "Next"


async def test_a_connection_that_breaks_is_as_good_as_one_that_is_closed(
    api: Api, language_models: LanguageModelEmulator
) -> None:
    anna = await api.register()
    language_models.add_fault(Fault(FaultKind.STALL_INSIDE, seconds=60, after=1))
    connector = aiohttp.TCPConnector(force_close=True)
    async with aiohttp.ClientSession(connector=connector) as client:
        response = await client.post(
            api.address + CHAT,
            json={**body_of(CHAT, anna), "stream": True},
            headers={"Authorization": f"Bearer {anna.token}"},
        )
        await anext(events_in(response))
        assert response.connection is not None
        assert response.connection.transport is not None
        response.connection.transport.abort()
        with suppress(aiohttp.ClientError):
            await response.read()
    await until_nothing_is_held(api)
    await given_up(language_models)


async def test_many_who_leave_at_once_leave_nothing_behind(
    api: Api, language_models: LanguageModelEmulator
) -> None:
    people = [await api.register() for _ in range(20)]
    language_models.add_fault(Fault(FaultKind.SLOW, times=20, seconds=0.005))

    async def read_a_little(number: int, someone: Someone) -> None:
        path = (CHAT, COMPLETIONS)[number % 2]
        async with stream(api, path, body_of(path, someone), someone.token) as response:
            events = events_in(response)
            for _ in range(number % 5):
                await anext(events, None)

    await asyncio.gather(*(read_a_little(*one) for one in enumerate(people)))
    await until_nothing_is_held(api)
    assert await rows(api, "SELECT 1 FROM messages WHERE status = 'pending'") == []


async def test_a_whole_answer_that_can_be_asked_for_again_is_finished(
    api: Api, language_models: LanguageModelEmulator
) -> None:
    anna = await api.register()
    key = {"Idempotency-Key": "one"}

    async def ask() -> Reply:
        return await api.post(CHAT, body_of(CHAT, anna), anna.token, headers=key)

    first = asyncio.create_task(ask())  # noqa: TID251 - cancelled below
    await until(lambda: bool(language_models.requests(Call.COMPLETION)))
    await asyncio.sleep(0)
    first.cancel()
    async with asyncio.timeout(TIMEOUT):
        while (again := await ask()).status == 409:
            assert again.code == "answer-in-progress"
            await asyncio.sleep(0.05)

    assert again.status == 200
    (asked,) = language_models.requests(Call.COMPLETION)
    assert asked.outcome is Outcome.FINISHED
    assert again.body["tokensUsed"] == asked.input_tokens + asked.output_tokens
