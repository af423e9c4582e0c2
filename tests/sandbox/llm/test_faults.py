"""Every trouble that can be ordered, as a client meets it."""

import json
from typing import Any

import pytest
from aiohttp import ClientPayloadError, ClientTimeout, ServerDisconnectedError

from sandbox.llm import Fault, FaultKind, LanguageModelEmulator, Limits, Outcome, Provider
from tests.sandbox.llm.clients import OpenAi, YandexGpt, status_of, text_of
from tests.support.wait import until

REFUSALS = {
    FaultKind.BAD_REQUEST: (400, 3),
    FaultKind.UNAUTHENTICATED: (401, 16),
    FaultKind.PERMISSION_DENIED: (403, 7),
    FaultKind.NOT_FOUND: (404, 5),
    FaultKind.GAUGE_LIMIT: (429, 8),
    FaultKind.HOURLY_LIMIT: (429, 8),
    FaultKind.INTERNAL: (500, 13),
    FaultKind.UNAVAILABLE: (503, 14),
    FaultKind.DEADLINE: (504, 4),
}
LONG = "Напиши 100 слов"


@pytest.mark.parametrize("kind", REFUSALS)
@pytest.mark.parametrize("way", ["streamed", "whole"])
async def test_refusals_of_yandexgpt(
    yandexgpt: YandexGpt, models: LanguageModelEmulator, kind: FaultKind, way: str
) -> None:
    models.add_fault(Fault(kind))
    status, error = await yandexgpt.refused(yandexgpt.body("Hi", stream=way == "streamed"))
    assert (status, error["grpcCode"]) == REFUSALS[kind]
    assert error["httpCode"] == status
    [request] = models.requests()
    assert (request.status, request.outcome) == (status, Outcome.REFUSED)
    assert await yandexgpt.whole("Hi")


@pytest.mark.parametrize("kind", REFUSALS)
async def test_refusals_of_openai(
    openai: OpenAi, models: LanguageModelEmulator, kind: FaultKind
) -> None:
    models.add_fault(Fault(kind))
    status, error = await openai.refused(openai.body("Hi"))
    assert status == REFUSALS[kind][0]
    assert list(error) == ["message", "type", "param", "code"]
    assert await openai.whole("Hi")


async def test_the_two_limits_have_different_words(
    yandexgpt: YandexGpt, models: LanguageModelEmulator
) -> None:
    models.limits = Limits(concurrent=3, hourly=500)
    models.add_fault(Fault(FaultKind.GAUGE_LIMIT))
    models.add_fault(Fault(FaultKind.HOURLY_LIMIT))
    messages = [(await yandexgpt.refused(yandexgpt.body("Hi")))[1]["message"] for _ in range(2)]
    assert "gauge quota limit exceed: allowed 3 requests" in messages[0]
    assert "PerHour.rate rate quota limit exceed: allowed 500 requests" in messages[1]


async def test_a_page_of_a_proxy(yandexgpt: YandexGpt, models: LanguageModelEmulator) -> None:
    models.add_fault(Fault(FaultKind.BAD_GATEWAY))
    async with yandexgpt.open("Hi") as response:
        assert response.status == 502
        assert (await response.text()).startswith("<html>")


@pytest.mark.parametrize("way", ["streamed", "whole"])
async def test_silence_before_the_answer(
    yandexgpt: YandexGpt, models: LanguageModelEmulator, way: str
) -> None:
    """Not even the status comes."""
    models.add_fault(Fault(FaultKind.STALL_BEFORE, seconds=60))
    with pytest.raises(TimeoutError):
        async with yandexgpt.http.post(
            "/yandexgpt/foundationModels/v1/completion",
            json=yandexgpt.body("Hi", stream=way == "streamed"),
            headers=yandexgpt.headers,
            timeout=ClientTimeout(total=0.1),
        ):
            pass
    await until(lambda: models.requests()[0].outcome is Outcome.CLIENT_GONE)
    assert models.stalled == 0


async def test_silence_inside_the_answer_until_released(
    yandexgpt: YandexGpt, models: LanguageModelEmulator
) -> None:
    models.add_fault(Fault(FaultKind.STALL_INSIDE, after=2, seconds=60))
    async with yandexgpt.open(LONG) as response:
        first = [await response.content.readline() for _ in range(2)]
        await until(lambda: models.stalled == 1)
        assert [usage(line) for line in first] == ["15", "30"]
        models.release()
        assert status_of(json.loads((await response.read()).split(b"\n")[-2])["result"]) == "FINAL"


async def test_a_stall_ends_by_itself(yandexgpt: YandexGpt, models: LanguageModelEmulator) -> None:
    models.add_fault(Fault(FaultKind.STALL_INSIDE, seconds=0.01))
    frames = await yandexgpt.frames("echo: pong")
    assert [status_of(frame) for frame in frames] == ["PARTIAL", "FINAL"]


async def test_a_connection_cut_before_the_answer(
    yandexgpt: YandexGpt, models: LanguageModelEmulator
) -> None:
    models.add_fault(Fault(FaultKind.CUT_BEFORE))
    with pytest.raises(ServerDisconnectedError):
        await yandexgpt.frames("Hi")
    assert models.requests()[0].outcome is Outcome.BROKEN
    assert models.running == 0


async def test_a_connection_cut_inside_the_answer(
    yandexgpt: YandexGpt, models: LanguageModelEmulator
) -> None:
    models.add_fault(Fault(FaultKind.CUT_INSIDE, after=2))
    lines: list[bytes] = []
    with pytest.raises(ClientPayloadError):
        async with yandexgpt.open(LONG) as response:
            lines.extend([line async for line in response.content])
    assert models.requests()[0].outcome is Outcome.BROKEN
    assert models.requests()[0].output_tokens == 30
    assert models.running == 0


async def test_a_whole_answer_cut_in_its_middle(
    yandexgpt: YandexGpt, models: LanguageModelEmulator
) -> None:
    models.add_fault(Fault(FaultKind.CUT_INSIDE))
    with pytest.raises(ClientPayloadError):
        await yandexgpt.whole("Hi")


async def test_torn_frames(yandexgpt: YandexGpt, models: LanguageModelEmulator) -> None:
    whole = text_of(await yandexgpt.whole(LONG))
    models.add_fault(Fault(FaultKind.TORN))
    async with yandexgpt.open(LONG) as response:
        pieces = [piece async for piece in response.content.iter_any()]
    assert not any(piece.endswith(b"\n") for piece in pieces[:-1])
    assert sum(_is_inside_character(piece) for piece in pieces) > len(pieces) / 2
    *_, last = b"".join(pieces).decode().splitlines()
    assert text_of(json.loads(last)["result"]) == whole


async def test_glued_frames(yandexgpt: YandexGpt, models: LanguageModelEmulator) -> None:
    models.add_fault(Fault(FaultKind.GLUED))
    async with yandexgpt.open(LONG) as response:
        pieces = [piece async for piece, _ in response.content.iter_chunks()]
    assert pieces[0].count(b"\n") == 4
    assert len(b"".join(pieces).splitlines()) > 4


async def test_torn_and_glued_events(openai: OpenAi, models: LanguageModelEmulator) -> None:
    for kind in (FaultKind.TORN, FaultKind.GLUED):
        models.add_fault(Fault(kind))
        chunks = await openai.chunks("echo: Привет из окна")
        deltas = [chunk["choices"][0]["delta"].get("content", "") for chunk in chunks]
        assert "".join(deltas) == "Привет из окна"


async def test_frames_with_a_prefix(yandexgpt: YandexGpt, models: LanguageModelEmulator) -> None:
    models.add_fault(Fault(FaultKind.DATA_PREFIX))
    async with yandexgpt.open("echo: pong") as response:
        lines = (await response.read()).splitlines()
    assert len(lines) == 2
    assert all(json.loads(line.removeprefix(b"data: "))["result"] for line in lines)
    assert all(line.startswith(b"data: ") for line in lines)


async def test_an_error_inside_a_stream(
    yandexgpt: YandexGpt, models: LanguageModelEmulator
) -> None:
    models.add_fault(Fault(FaultKind.ERROR_INSIDE))
    async with yandexgpt.open(LONG) as response:
        assert response.status == 200
        lines = [json.loads(line) async for line in response.content]
    assert [list(line) for line in lines] == [["result"], ["error"]]
    assert lines[1]["error"]["grpcCode"] == 14
    assert models.requests()[0].outcome is Outcome.BROKEN
    assert models.running == 0


async def test_an_error_inside_events(openai: OpenAi, models: LanguageModelEmulator) -> None:
    models.add_fault(Fault(FaultKind.ERROR_INSIDE))
    *_, last = await openai.events("Hi")
    assert json.loads(last)["error"]["type"] == "server_error"


async def test_an_error_instead_of_a_whole_answer(
    yandexgpt: YandexGpt, models: LanguageModelEmulator
) -> None:
    models.add_fault(Fault(FaultKind.ERROR_INSIDE))
    assert (await yandexgpt.refused(yandexgpt.body("Hi", stream=False)))[0] == 503
    assert models.running == 0


async def test_a_content_filter(
    yandexgpt: YandexGpt, openai: OpenAi, models: LanguageModelEmulator
) -> None:
    models.add_fault(Fault(FaultKind.CONTENT_FILTER, times=4))
    frames = await yandexgpt.frames(LONG)
    assert [status_of(frame) for frame in frames] == ["PARTIAL", "CONTENT_FILTER"]
    assert text_of(frames[0]) == text_of(frames[1])
    assert status_of(await yandexgpt.whole(LONG)) == "CONTENT_FILTER"
    chunks = await openai.chunks(LONG)
    assert chunks[-1]["choices"][0]["finish_reason"] == "content_filter"
    whole = await openai.whole(LONG)
    assert whole["choices"][0]["finish_reason"] == "content_filter"


async def test_no_usage(
    yandexgpt: YandexGpt, openai: OpenAi, models: LanguageModelEmulator
) -> None:
    models.add_fault(Fault(FaultKind.NO_USAGE, times=4))
    assert not any("usage" in frame for frame in await yandexgpt.frames(LONG))
    assert "usage" not in await yandexgpt.whole(LONG)
    chunks = await openai.chunks(LONG, stream_options={"include_usage": True})
    assert not any("usage" in chunk for chunk in chunks)
    assert "usage" not in await openai.whole(LONG)


async def test_no_end(yandexgpt: YandexGpt, openai: OpenAi, models: LanguageModelEmulator) -> None:
    models.add_fault(Fault(FaultKind.NO_FINAL, times=4))
    assert {status_of(frame) for frame in await yandexgpt.frames(LONG)} == {"PARTIAL"}
    assert (await yandexgpt.whole(LONG))["alternatives"] == []
    events = [json.loads(event) for event in await openai.events(LONG)]
    assert {event["choices"][0]["finish_reason"] for event in events} == {None}
    assert (await openai.whole(LONG))["choices"] == []


async def test_a_slow_answer_pauses_before_every_frame(
    yandexgpt: YandexGpt, models: LanguageModelEmulator
) -> None:
    models.add_fault(Fault(FaultKind.SLOW, seconds=0.01))
    frames = await yandexgpt.frames(LONG)
    [request] = models.requests()
    assert request.ended_at is not None
    assert request.ended_at - request.at >= 0.009 * len(frames)


async def test_a_fault_befalls_its_question_and_its_service_only(
    yandexgpt: YandexGpt, openai: OpenAi, models: LanguageModelEmulator
) -> None:
    models.add_fault(Fault(FaultKind.INTERNAL, times=2, contains="bad", provider=Provider.OPENAI))
    await yandexgpt.whole("bad")
    await openai.whole("good")
    assert [fault.times for fault in models.faults()] == [2]
    assert (await openai.refused(openai.body("too bad")))[0] == 500
    assert [fault.times for fault in models.faults()] == [1]
    models.clear_faults()
    assert await openai.whole("bad")


def usage(line: bytes) -> Any:
    return json.loads(line)["result"]["usage"]["completionTokens"]


def _is_inside_character(piece: bytes) -> bool:
    try:
        piece.decode()
    except UnicodeDecodeError:
        return True
    return False
