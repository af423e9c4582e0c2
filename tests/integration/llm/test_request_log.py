"""The log line and the metrics of a request."""

import logging
from contextlib import aclosing

import pytest

from okno.kit.metrics import REGISTRY
from okno.llm.dto import Chunk, Finish
from okno.llm.errors import ModelUnavailable
from sandbox.llm import Call, Fault, FaultKind, LanguageModelEmulator
from tests.support.asking import TEXT, ModelClient, failure, lines
from tests.support.prompts import make_prompt


def count(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, {"provider": "yandexgpt", **labels}) or 0


async def test_a_request_leaves_one_line(
    client: ModelClient, models: LanguageModelEmulator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    prompt = make_prompt(f"echo: {TEXT}")
    await client.ask(prompt=prompt, user_id=5)

    (line,) = lines(caplog)
    (kept,) = models.requests()
    assert line["outcome"] == "stop"
    assert line["level"] == "info"
    assert line["request_id"] == str(prompt.request_id) == kept.client_request_id
    assert line["server_ids"]["x-request-id"] == kept.request_id
    assert line["server_ids"]["x-server-trace-id"]
    assert (line["user_id"], line["conversation_id"]) == (5, 75)
    assert (line["provider"], line["model"]) == ("yandexgpt", "yandexgpt")
    assert (line["input_tokens"], line["output_tokens"]) == (kept.input_tokens, kept.output_tokens)
    assert line["estimated"] is False
    assert line["model_version"]
    assert 0 <= line["queued_ms"] <= line["total_ms"]
    assert 0 <= line["first_text_ms"] <= line["total_ms"]
    assert "One two" not in str(line)


async def test_texts_are_logged_only_when_that_is_wanted(
    client: ModelClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    client.open(log_texts=True)
    await client.ask()
    (line,) = lines(caplog)
    assert line["messages"][-1] == {"role": "user", "text": f"echo: {TEXT}"}
    assert line["answer"] == TEXT


@pytest.mark.parametrize(
    ("kind", "level", "outcome"),
    [
        (FaultKind.UNAUTHENTICATED, "error", "model-key-refused"),
        (FaultKind.HOURLY_LIMIT, "warning", "model-busy"),
        (FaultKind.CUT_INSIDE, "warning", "model-stream-broken"),
        (FaultKind.CONTENT_FILTER, "info", "content_filter"),
    ],
)
async def test_every_outcome_is_logged_and_counted(
    client: ModelClient,
    models: LanguageModelEmulator,
    caplog: pytest.LogCaptureFixture,
    kind: FaultKind,
    level: str,
    outcome: str,
) -> None:
    caplog.set_level(logging.INFO)
    before = count("okno_llm_requests_total", outcome=outcome)
    models.add_fault(Fault(kind))
    await failure(client.ask())

    (line,) = lines(caplog)
    assert (line["outcome"], line["level"]) == (outcome, level)
    assert ("refusal" in line) is (kind in (FaultKind.UNAUTHENTICATED, FaultKind.HOURLY_LIMIT))
    assert count("okno_llm_requests_total", outcome=outcome) == before + 1


async def test_an_answer_that_was_stopped_is_logged_as_such(
    client: ModelClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    stream = client.service.stream(make_prompt(f"echo: {TEXT}"), user_id=1, conversation_id=None)
    async with aclosing(stream) as events:
        await anext(events)
    (line,) = lines(caplog)
    assert (line["outcome"], line["level"]) == ("stopped", "info")
    assert line["output_tokens"] > 0


async def test_tokens_and_the_first_text_are_measured(client: ModelClient) -> None:
    def figures() -> tuple[float, ...]:
        return (
            count("okno_llm_tokens_total", direction="in"),
            count("okno_llm_tokens_total", direction="out"),
            count("okno_llm_first_text_seconds_count"),
        )

    before = figures()
    last = (await client.ask())[-1]
    assert isinstance(last, Chunk)
    assert last.usage is not None
    assert last.finish is Finish.STOP
    expected = (last.usage.input_tokens, last.usage.output_tokens, 1)
    assert tuple(b - a for a, b in zip(before, figures(), strict=True)) == expected


async def test_a_count_that_fails_is_logged(
    client: ModelClient, models: LanguageModelEmulator, caplog: pytest.LogCaptureFixture
) -> None:
    models.add_fault(Fault(FaultKind.UNAVAILABLE, call=Call.TOKENIZE))
    with pytest.raises(ModelUnavailable):
        await client.service.count_tokens(make_prompt())
    (line,) = lines(caplog, "tokens not counted")
    assert line["outcome"] == "model-unavailable"
    assert line["refusal"].startswith("503")
