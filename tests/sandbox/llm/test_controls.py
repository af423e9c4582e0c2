"""The same controls over HTTP, for other processes and other languages."""

from typing import Any

import pytest
from aiohttp import ClientSession

from sandbox.llm import Fault, FaultKind, LanguageModelEmulator, Limits, Pace
from tests.sandbox.llm.clients import OpenAi, YandexGpt
from tests.support.wait import until


async def test_faults_are_ordered_listed_and_called_off(
    http: ClientSession, yandexgpt: YandexGpt, models: LanguageModelEmulator
) -> None:
    order = {"kind": "gauge_429", "times": 2, "contains": "bad", "provider": "yandexgpt"}
    async with http.post("/sim/llm/faults", json=order) as response:
        assert response.status == 201
        ordered = await response.json()
    expected = {**order, "call": "completion", "seconds": 5.0, "after": 1}
    assert ordered == expected
    assert (await yandexgpt.refused(yandexgpt.body("too bad")))[0] == 429
    async with http.get("/sim/llm/faults") as response:
        assert await response.json() == {"faults": [{**expected, "times": 1}]}
    async with http.delete("/sim/llm/faults") as response:
        assert response.status == 204
    assert models.faults() == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("faults", {"kind": "earthquake"}),
        ("faults", {"kind": "torn", "call": "tokenize"}),
        ("faults", {"kind": "500", "times": 0}),
        ("faults", {"kind": "500", "tmies": 2}),
        ("pace", {"token_seconds": -1}),
        ("pace", {"frame_tokens": 0}),
        ("limits", {"concurrent": -1}),
    ],
)
async def test_nonsense_is_refused(http: ClientSession, path: str, body: dict[str, Any]) -> None:
    async with http.post(f"/sim/llm/{path}", json=body) as response:
        assert response.status == 400
        assert isinstance((await response.json())["detail"], str)


@pytest.mark.parametrize("kind", FaultKind)
async def test_every_kind_can_be_ordered(http: ClientSession, kind: FaultKind) -> None:
    async with http.post("/sim/llm/faults", json={"kind": kind}) as response:
        assert response.status == 201


async def test_pace_and_limits_are_set_until_the_reset(
    http: ClientSession, models: LanguageModelEmulator
) -> None:
    async with http.post("/sim/llm/pace", json={"token_seconds": 0.01}) as response:
        assert response.status == 200
    async with http.post("/sim/llm/limits", json={"concurrent": 2, "hourly": 9}) as response:
        assert response.status == 200
    assert (models.pace, models.limits) == (Pace(token_seconds=0.01), Limits(2, 9))
    async with http.get("/sim/llm/pace") as response:
        pace = {"first_seconds": 0.0, "token_seconds": 0.01, "frame_tokens": 15}
        assert await response.json() == pace
    async with http.get("/sim/llm/limits") as response:
        assert await response.json() == {"concurrent": 2, "hourly": 9}
    async with http.post("/sim/llm/reset") as response:
        assert response.status == 204
    assert (models.pace, models.limits) == (Pace(), Limits())


async def test_requests_are_shown_and_long_texts_cut(http: ClientSession, openai: OpenAi) -> None:
    await openai.whole("echo: a long question")
    async with http.get("/sim/llm/requests") as response:
        [request] = (await response.json())["requests"]
    assert request["messages"] == [{"role": "user", "text": "echo: a long question"}]
    assert (request["provider"], request["outcome"]) == ("openai", "finished")
    await openai.whole("echo: another")
    async with http.get("/sim/llm/requests?cut=8&last=1") as response:
        [request] = (await response.json())["requests"]
    assert request["messages"][0]["text"] == "echo: an"


async def test_stalled_answers_are_released(
    http: ClientSession, yandexgpt: YandexGpt, models: LanguageModelEmulator
) -> None:
    models.add_fault(Fault(FaultKind.STALL_INSIDE, seconds=60))
    async with yandexgpt.open("echo: pong") as response:
        await until(lambda: models.stalled == 1)
        async with http.post("/sim/llm/release") as released:
            assert released.status == 204
        assert b"_FINAL" in await response.read()


async def test_the_documentation_is_served(http: ClientSession) -> None:
    async with http.get("/sim/llm/docs") as response:
        assert response.status == 200
