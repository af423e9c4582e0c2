"""`Idempotency-Key`: the same question a second time."""

import asyncio

import aiohttp
import pytest

from sandbox.llm import Call, Fault, FaultKind, LanguageModelEmulator
from tests.support.api import Api, Someone
from tests.support.talking import (
    CHAT,
    Event,
    balance_of,
    expect_nothing_held,
    read_events,
    rows,
    say,
    scalar,
    user,
)
from tests.support.wait import until

KEY = "4b1f6c1e-0d5e-4c8b-9c43-1f3f5f1f2a77"


def asked(language_models: LanguageModelEmulator) -> int:
    return len(language_models.requests(Call.COMPLETION))


async def raw_answer(api: Api, someone: Someone, message: str, key: str = KEY) -> bytes:
    body = {"userId": someone.id, "message": message}
    headers = {"Authorization": f"Bearer {someone.token}", "Idempotency-Key": key}
    async with api.client.post(api.address + CHAT, json=body, headers=headers) as response:
        assert response.status == 200
        return await response.read()


async def test_a_repeat_gives_the_first_answer_byte_for_byte_and_is_free(
    api: Api, language_models: LanguageModelEmulator
) -> None:
    anna = await api.register()
    await say(api, anna, "echo: Before")
    first = await raw_answer(api, anna, "Что такое окно? 🪟")
    await say(api, anna, "echo: After")
    paid = await balance_of(api, anna)

    assert await raw_answer(api, anna, "Что такое окно? 🪟") == first

    assert await balance_of(api, anna) == paid
    assert asked(language_models) == 3
    assert await scalar(api, "SELECT count(*) FROM messages") == 6
    await expect_nothing_held(api)


async def test_without_a_key_it_is_a_new_question(
    api: Api, language_models: LanguageModelEmulator
) -> None:
    anna = await api.register()
    for _ in range(2):
        await say(api, anna, "echo: One")
    assert asked(language_models) == 2


async def test_a_repeat_may_be_streamed(api: Api, language_models: LanguageModelEmulator) -> None:
    anna = await api.register()
    first = await say(api, anna, "Tell me 300 words", key=KEY)
    body = {"userId": anna.id, "message": "Tell me 300 words"}
    events = await read_events(api, CHAT, body, anna.token, {"Idempotency-Key": KEY})
    assert events == [
        Event("delta", {"text": first.body["message"]}),
        Event("done", first.body),
    ]
    assert asked(language_models) == 1


async def test_a_stream_may_be_repeated_whole(
    api: Api, language_models: LanguageModelEmulator
) -> None:
    anna = await api.register()
    body = {"userId": anna.id, "message": "Tell me 300 words"}
    *_, done = await read_events(api, CHAT, body, anna.token, {"Idempotency-Key": KEY})
    assert (await say(api, anna, "Tell me 300 words", key=KEY)).body == done.data
    assert asked(language_models) == 1


@pytest.mark.parametrize(
    "fields", [{"message": "echo: Two"}, {"message": "echo: One", "context": [user("Hello")]}]
)
async def test_another_question_with_the_same_key_is_refused(
    api: Api, language_models: LanguageModelEmulator, fields: dict[str, object]
) -> None:
    anna = await api.register()
    await say(api, anna, "echo: One", key=KEY)
    body = {"userId": anna.id, **fields}
    reply = await api.post(CHAT, body, anna.token, headers={"Idempotency-Key": KEY})
    assert (reply.status, reply.code) == (409, "repeat-differs")
    assert asked(language_models) == 1


async def test_keys_of_different_people_are_different(
    api: Api, language_models: LanguageModelEmulator
) -> None:
    anna, boris = await api.register(), await api.register()
    assert (await say(api, anna, "echo: One", key=KEY)).status == 200
    assert (await say(api, boris, "echo: Two", key=KEY)).body["message"] == "Two"
    assert asked(language_models) == 2


async def test_while_the_first_runs_the_repeat_is_to_come_later(
    api: Api, language_models: LanguageModelEmulator
) -> None:
    anna = await api.register()
    language_models.add_fault(Fault(FaultKind.STALL_INSIDE, seconds=60))
    first = asyncio.gather(say(api, anna, "Tell me 50 words", key=KEY))
    await until(lambda: language_models.stalled == 1)
    reply = await say(api, anna, "Tell me 50 words", key=KEY)
    assert (reply.status, reply.code) == (409, "answer-in-progress")
    assert int(reply.headers["Retry-After"]) > 0
    language_models.release()
    (answered,) = await first
    assert (await say(api, anna, "Tell me 50 words", key=KEY)).body == answered.body
    assert asked(language_models) == 1


async def test_what_failed_is_asked_anew(api: Api, language_models: LanguageModelEmulator) -> None:
    anna = await api.register()
    language_models.add_fault(Fault(FaultKind.CUT_INSIDE))
    assert (await say(api, anna, "Tell me 50 words", key=KEY)).status == 500
    reply = await say(api, anna, "Tell me 50 words", key=KEY)
    assert reply.status == 200
    assert (await balance_of(api, anna)).used_total == reply.body["tokensUsed"]
    assert (await say(api, anna, "Tell me 50 words", key=KEY)).body == reply.body
    assert asked(language_models) == 2
    await expect_nothing_held(api)


async def test_of_many_at_once_one_is_asked(
    api: Api, language_models: LanguageModelEmulator
) -> None:
    anna = await api.register()
    replies = await asyncio.gather(*(say(api, anna, "echo: One", key=KEY) for _ in range(20)))
    bodies = [reply.body for reply in replies if reply.status == 200]
    assert bodies
    assert all(body == bodies[0] for body in bodies)
    assert {reply.code for reply in replies if reply.status != 200} <= {"answer-in-progress"}
    assert asked(language_models) == 1
    assert await rows(api, "SELECT count(*) FROM messages") == [(2,)]
    await expect_nothing_held(api)


@pytest.mark.parametrize("key", ["", "x" * 65, "with space", "ключ"])
async def test_a_key_that_is_none_is_400(api: Api, key: str) -> None:
    anna = await api.register()
    headers = {"Idempotency-Key": key}
    body = {"userId": anna.id, "message": "echo: One"}
    try:
        reply = await api.post(CHAT, body, anna.token, headers=headers)
    except aiohttp.ClientError:  # pragma: no cover - it can't even be sent
        return
    assert (reply.status, reply.code) == (400, "request-invalid")
