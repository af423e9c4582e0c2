"""YandexGPT's native API as its documentation and recorded traffic show it."""

import json
from itertools import pairwise

from sandbox.llm import LanguageModelEmulator, Pace
from tests.sandbox.llm.clients import URI, YandexGpt, status_of, text_of


async def test_a_whole_answer_is_wrapped_and_its_numbers_are_strings(yandexgpt: YandexGpt) -> None:
    assert await yandexgpt.whole("echo: pong") == {
        "alternatives": [
            {
                "message": {"role": "assistant", "text": "pong"},
                "status": "ALTERNATIVE_STATUS_FINAL",
            }
        ],
        "usage": {
            "inputTextTokens": "16",
            "completionTokens": "1",
            "totalTokens": "17",
            "completionTokensDetails": {"reasoningTokens": "0"},
        },
        "modelVersion": "07.03.2024",
    }


async def test_every_frame_of_a_stream_has_the_whole_text_so_far(yandexgpt: YandexGpt) -> None:
    frames = await yandexgpt.frames("Write 200 words")
    assert len(frames) > 10
    assert [status_of(frame) for frame in frames] == ["PARTIAL"] * (len(frames) - 1) + ["FINAL"]
    for before, after in pairwise(map(text_of, frames)):
        assert after.startswith(before)
    assert len(text_of(frames[-1]).split()) == 200


async def test_every_frame_has_the_tokens_spent_until_then(yandexgpt: YandexGpt) -> None:
    frames = await yandexgpt.frames("Write 100 words")
    usages = [frame["usage"] for frame in frames]
    spent = [int(usage["completionTokens"]) for usage in usages]
    assert spent[:3] == [15, 30, 45]
    assert spent == sorted(spent)
    assert spent[-1] == spent[-2]
    for usage in usages:
        together = int(usage["inputTextTokens"]) + int(usage["completionTokens"])
        assert usage["totalTokens"] == str(together)


async def test_a_stream_is_one_object_a_line(yandexgpt: YandexGpt) -> None:
    async with yandexgpt.open("Привет") as response:
        body = await response.read()
        assert response.headers["content-type"] == "application/json"
    lines = body.decode().split("\n")
    assert lines.pop() == ""
    assert all(list(json.loads(line)) == ["result"] for line in lines)


async def test_answers_carry_the_ids_of_the_server(
    yandexgpt: YandexGpt, models: LanguageModelEmulator
) -> None:
    async with yandexgpt.open("Hi") as response:
        assert response.headers["x-request-id"] == models.requests()[-1].request_id
        assert response.headers["x-server-trace-id"]


async def test_the_limit_of_tokens_truncates(yandexgpt: YandexGpt) -> None:
    frames = await yandexgpt.frames("Write 200 words", maxTokens="20")
    assert status_of(frames[-1]) == "TRUNCATED_FINAL"
    assert frames[-1]["usage"]["completionTokens"] == "20"
    exact = await yandexgpt.whole("echo: pong", maxTokens=1)
    assert status_of(exact) == "FINAL"


async def test_numbers_may_be_numbers_and_other_fields_are_let_be(yandexgpt: YandexGpt) -> None:
    body = yandexgpt.body("echo: pong", stream=False, maxTokens=10, temperature=0)
    body["completionOptions"]["reasoningOptions"] = {"mode": "DISABLED"}
    body["tools"] = []
    async with yandexgpt.post("/yandexgpt/foundationModels/v1/completion", body) as response:
        assert text_of((await response.json())["result"]) == "pong"


async def test_an_iam_token_opens_it_too(yandexgpt: YandexGpt) -> None:
    yandexgpt.headers = {"Authorization": "Bearer demo-iam-token", "x-folder-id": "demo"}
    assert text_of(await yandexgpt.whole("echo: pong")) == "pong"


async def test_models_have_branches_and_versions(yandexgpt: YandexGpt) -> None:
    body = yandexgpt.body("Hi", stream=False)
    for name, version in {
        URI: "07.03.2024",
        "gpt://demo/yandexgpt-lite": "07.03.2024",
        "gpt://demo/yandexgpt/rc": "06.12.2023",
    }.items():
        async with yandexgpt.post(
            "/yandexgpt/foundationModels/v1/completion", {**body, "modelUri": name}
        ) as response:
            assert (await response.json())["result"]["modelVersion"] == version


async def test_an_empty_answer_is_final_at_once(yandexgpt: YandexGpt) -> None:
    [frame] = await yandexgpt.frames("echo:")
    assert (text_of(frame), status_of(frame)) == ("", "FINAL")
    assert frame["usage"]["completionTokens"] == "0"


async def test_frames_keep_their_pace(yandexgpt: YandexGpt, models: LanguageModelEmulator) -> None:
    models.pace = Pace(first_seconds=0.02, token_seconds=0.002, frame_tokens=5)
    await yandexgpt.frames("Write 20 words")
    [request] = models.requests()
    assert request.first_text_at is not None
    assert request.ended_at is not None
    # A clock may be a little coarser than the waits.
    assert request.first_text_at - request.at >= 0.029
    assert request.ended_at - request.at >= 0.019 + 0.002 * request.output_tokens
