"""YandexGPT's quotas as real behaviour."""

import asyncio
import json
from contextlib import AsyncExitStack

from aiohttp import ClientSession

from sandbox.llm import (
    Call,
    Fault,
    FaultKind,
    LanguageModelEmulator,
    Limits,
    Outcome,
    Provider,
)
from sandbox.llm.answer_frames import stream
from sandbox.llm.generation import Generation
from sandbox.llm.prompt import Message, Prompt, Role
from sandbox.llm.yandexgpt.wire import YandexGptWire
from tests.sandbox.llm.clients import URI, OpenAi, YandexGpt, status_of
from tests.sandbox.telegram.clock import FakeClock
from tests.support.running_models import serving_models
from tests.support.wait import until

GAUGE = (
    "ai.textGenerationCompletionSessionsCount.count gauge quota limit exceed: allowed {} requests"
)
HOURLY = (
    "ai.textGenerationCompletionRequestsPerHour.rate rate quota limit exceed: allowed {} requests"
)


async def test_ten_answers_run_at_once_and_the_eleventh_is_refused(
    yandexgpt: YandexGpt, models: LanguageModelEmulator
) -> None:
    models.add_fault(Fault(FaultKind.STALL_INSIDE, times=10, seconds=60))
    running = [asyncio.create_task(yandexgpt.frames("Hi")) for _ in range(10)]  # noqa: TID251 - a test's own
    await until(lambda: models.stalled == 10)
    assert models.running == 10
    assert await yandexgpt.refused(yandexgpt.body("Hi")) == (
        429,
        {
            "grpcCode": 8,
            "httpCode": 429,
            "message": GAUGE.format(10),
            "httpStatus": "Too Many Requests",
            "details": [],
        },
    )
    models.release()
    assert {status_of(frames[-1]) for frames in await asyncio.gather(*running)} == {"FINAL"}
    assert models.running == 0
    assert await yandexgpt.frames("Hi")


async def test_a_client_that_has_its_answer_finds_room(
    yandexgpt: YandexGpt, models: LanguageModelEmulator
) -> None:
    models.limits = Limits(concurrent=1)
    for _ in range(30):
        await yandexgpt.frames("echo: pong")
        await yandexgpt.whole("echo: pong")
    assert {request.status for request in models.requests()} == {200}


async def test_the_place_is_free_before_the_end_of_the_answer_is_sent() -> None:
    """Else a client that asks again at once would be refused by chance."""
    models = LanguageModelEmulator()
    prompt = Prompt(URI, (Message(Role.USER, "Hi"),), 2000, 0.3, is_streamed=True)
    admission = models.admit(models.log_request(Provider.YANDEXGPT, Call.COMPLETION, {}), "Hi")
    wire = YandexGptWire("1", has_usage=True, prefix=b"")
    running = [
        (status_of(json.loads(frame)["result"]), models.running)
        async for frame in stream(Generation(prompt), wire, admission)
    ]
    assert running[-2:] == [("PARTIAL", 1), ("FINAL", 0)]


async def test_a_client_that_goes_away_makes_room(
    yandexgpt: YandexGpt, models: LanguageModelEmulator
) -> None:
    models.limits = Limits(concurrent=1)
    models.add_fault(Fault(FaultKind.STALL_INSIDE, seconds=60))
    async with AsyncExitStack() as stack:
        response = await stack.enter_async_context(yandexgpt.open("Hi"))
        await response.content.readline()
        assert models.running == 1
    await until(lambda: models.running == 0)
    assert models.requests()[-1].outcome is Outcome.CLIENT_GONE
    assert await yandexgpt.frames("Hi")


async def test_refused_requests_take_no_room(
    yandexgpt: YandexGpt, models: LanguageModelEmulator
) -> None:
    models.limits = Limits(concurrent=1)
    models.add_fault(Fault(FaultKind.INTERNAL))
    assert (await yandexgpt.refused(yandexgpt.body("Hi")))[0] == 500
    assert models.running == 0


async def test_an_hour_has_its_limit_too() -> None:
    clock = FakeClock()
    models = LanguageModelEmulator(limits=Limits(hourly=2), clock=clock)
    with serving_models(models) as running:
        async with ClientSession(running.address) as http:
            yandexgpt = YandexGpt(http)
            await yandexgpt.frames("Hi")
            clock.advance(1800)
            await yandexgpt.frames("Hi")
            status, error = await yandexgpt.refused(yandexgpt.body("Hi"))
            assert (status, error["grpcCode"], error["message"]) == (429, 8, HOURLY.format(2))
            clock.advance(1801)
            assert await yandexgpt.frames("Hi")
            assert (await yandexgpt.refused(yandexgpt.body("Hi")))[0] == 429


async def test_the_limits_are_yandexgpts(openai: OpenAi, models: LanguageModelEmulator) -> None:
    models.limits = Limits(concurrent=0, hourly=0)
    assert await openai.whole("Hi")
