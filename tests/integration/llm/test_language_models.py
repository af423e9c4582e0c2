"""Asking through `LanguageModels`: turns, second attempts, limits, and what is noted of it."""

import asyncio
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import pytest
from pydantic import SecretStr

from okno.kit.errors import StartupError
from okno.kit.metrics import REGISTRY
from okno.kit.settings import Settings
from okno.llm import queue as queue_module
from okno.llm.catalogue import load_catalogue
from okno.llm.config import MODELS_FILE, LlmSettings, OpenAiSettings
from okno.llm.dto import Chunk, Queued
from okno.llm.errors import (
    ModelAnswerEmpty,
    ModelBusy,
    ModelNotFound,
    ModelQueueFull,
    ModelStreamBroken,
    ModelTimeout,
    ModelUnavailable,
)
from okno.llm.providers.openai import OpenAi
from okno.llm.service import LanguageModels
from sandbox.llm import Call, Fault, FaultKind, LanguageModelEmulator, Limits, Outcome
from tests.support.asking import TEXT, ModelClient, failure, lines, text_of
from tests.support.prompts import make_model, make_prompt
from tests.support.wait import until


def asked(models: LanguageModelEmulator) -> int:
    return len(models.requests(Call.COMPLETION))


async def test_a_free_model_answers_without_a_queue(client: ModelClient) -> None:
    events = await client.ask()
    assert all(isinstance(event, Chunk) for event in events)
    assert text_of(events) == TEXT


async def test_who_waits_is_told_the_place_and_served_in_turn(
    client: ModelClient, models: LanguageModelEmulator
) -> None:
    client.open(concurrency=1)
    models.add_fault(Fault(FaultKind.STALL_BEFORE, seconds=20))
    async with asyncio.TaskGroup() as group:
        first = group.create_task(client.ask(user_id=1))
        await until(lambda: models.stalled == 1, "the first request")
        second = group.create_task(client.ask(user_id=2))
        third = group.create_task(client.ask(user_id=3))
        await until(lambda: waiting("yandexgpt") == 2, "two in the queue")
        assert asked(models) == 1
        models.release()

    assert not any(isinstance(event, Queued) for event in first.result())
    assert second.result()[0] == Queued(1)
    assert third.result()[:2] == [Queued(2), Queued(1)]
    assert {text_of(task.result()) for task in (first, second, third)} == {TEXT}
    assert waiting("yandexgpt") == 0


async def test_who_gives_up_in_the_queue_lets_the_next_one_pass(
    client: ModelClient, models: LanguageModelEmulator
) -> None:
    client.open(concurrency=1)
    models.add_fault(Fault(FaultKind.STALL_BEFORE, seconds=20))
    async with asyncio.TaskGroup() as group:
        group.create_task(client.ask())
        await until(lambda: models.stalled == 1, "the first request")
        stream = client.service.stream(make_prompt(), user_id=2, conversation_id=None)
        async with aclosing(stream) as events:
            assert await anext(events) == Queued(1)
        patient = group.create_task(client.ask(user_id=3))
        await until(lambda: waiting("yandexgpt") == 1, "the third")
        models.release()
    assert patient.result()[0] == Queued(1)
    assert asked(models) == 2


async def test_a_queue_that_is_full_or_too_slow_refuses(
    client: ModelClient, models: LanguageModelEmulator
) -> None:
    client.open(concurrency=1, queue_length=1, queue_seconds=0.05)
    models.add_fault(Fault(FaultKind.STALL_BEFORE, seconds=20))
    async with asyncio.TaskGroup() as group:
        group.create_task(client.ask())
        await until(lambda: models.stalled == 1, "the first request")
        slow = group.create_task(failure(client.ask(user_id=2)))
        await until(lambda: waiting("yandexgpt") == 1, "the second")
        assert isinstance(await failure(client.ask(user_id=3)), ModelQueueFull)
        assert isinstance(await slow, ModelQueueFull)
        models.release()
    assert asked(models) == 1


async def test_a_full_gauge_puts_the_request_back_until_one_ends(
    client: ModelClient, models: LanguageModelEmulator
) -> None:
    models.limits = Limits(concurrent=1)
    models.add_fault(Fault(FaultKind.STALL_INSIDE, seconds=20))
    async with asyncio.TaskGroup() as group:
        first = group.create_task(client.ask(user_id=1))
        await until(lambda: models.stalled == 1, "the first request")
        second = group.create_task(client.ask(user_id=2))
        await until(lambda: waiting("yandexgpt") == 1, "the second in the queue")
        models.release()

    assert text_of(first.result()) == text_of(second.result()) == TEXT
    assert second.result()[0] == Queued(1)
    assert [kept.status for kept in models.requests()] == [200, 429, 200]


async def test_others_may_fill_the_gauge_so_it_is_tried_again(
    client: ModelClient, models: LanguageModelEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_module, "_FIRST_PAUSE_SECONDS", 0.01)
    client.open()
    models.add_fault(Fault(FaultKind.GAUGE_LIMIT, times=3))
    events = await client.ask()
    assert events[0] == Queued(1)
    assert text_of(events) == TEXT
    assert asked(models) == 4


async def test_a_gauge_that_stays_full_is_told_at_last(
    client: ModelClient, models: LanguageModelEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_module, "_FIRST_PAUSE_SECONDS", 0.01)
    client.open(queue_seconds=0.1)
    models.limits = Limits(concurrent=0)
    assert isinstance(await failure(client.ask()), ModelQueueFull)


async def test_an_hourly_limit_leaves_the_provider_alone(
    client: ModelClient, models: LanguageModelEmulator
) -> None:
    models.add_fault(Fault(FaultKind.HOURLY_LIMIT))
    for _ in range(3):
        error = await failure(client.ask())
        assert isinstance(error, ModelBusy)
        assert 55 <= int(error.values["seconds"]) <= 60
    assert asked(models) == 1


async def test_an_hourly_limit_sends_away_who_waits(
    client: ModelClient, models: LanguageModelEmulator
) -> None:
    client.open(concurrency=1)
    models.add_fault(Fault(FaultKind.STALL_BEFORE, seconds=20))
    async with asyncio.TaskGroup() as group:
        first = group.create_task(client.ask(user_id=1))
        await until(lambda: models.stalled == 1, "the first request")
        models.add_fault(Fault(FaultKind.HOURLY_LIMIT))
        others = [group.create_task(failure(client.ask(user_id=user))) for user in (2, 3, 4)]
        await until(lambda: waiting("yandexgpt") == 3, "three in the queue")
        models.release()
    assert text_of(first.result()) == TEXT
    assert [type(task.result()) for task in others] == [ModelBusy] * 3
    assert asked(models) == 2


async def test_what_could_not_begin_is_tried_again(
    client: ModelClient, models: LanguageModelEmulator
) -> None:
    models.add_fault(Fault(FaultKind.UNAVAILABLE))
    models.add_fault(Fault(FaultKind.CUT_BEFORE))
    assert text_of(await client.ask()) == TEXT
    assert asked(models) == 3


async def test_but_not_for_ever(client: ModelClient, models: LanguageModelEmulator) -> None:
    models.add_fault(Fault(FaultKind.UNAVAILABLE, times=9))
    assert isinstance(await failure(client.ask()), ModelUnavailable)
    assert asked(models) == 3


@pytest.mark.parametrize("kind", [FaultKind.ERROR_INSIDE, FaultKind.CUT_INSIDE, FaultKind.NO_FINAL])
async def test_what_has_begun_is_never_asked_again(
    client: ModelClient, models: LanguageModelEmulator, kind: FaultKind
) -> None:
    models.add_fault(Fault(kind))
    assert isinstance(await failure(client.ask()), ModelUnavailable | ModelStreamBroken)
    assert asked(models) == 1


@pytest.mark.parametrize("kind", [FaultKind.UNAUTHENTICATED, FaultKind.BAD_REQUEST])
async def test_a_refusal_is_final(
    client: ModelClient, models: LanguageModelEmulator, kind: FaultKind
) -> None:
    models.add_fault(Fault(kind))
    assert await failure(client.ask()) is not None
    assert asked(models) == 1


@pytest.mark.parametrize(
    ("fault", "limits"),
    [
        (Fault(FaultKind.STALL_BEFORE, seconds=20), {"first_token_seconds": 0.1}),
        (Fault(FaultKind.STALL_INSIDE, seconds=20), {"stall_seconds": 0.1}),
        (Fault(FaultKind.SLOW, seconds=0.05), {"answer_seconds": 0.1, "stall_seconds": 10}),
    ],
    ids=["before the first text", "between two texts", "in all"],
)
async def test_every_wait_for_the_model_has_an_end(
    client: ModelClient, models: LanguageModelEmulator, fault: Fault, limits: dict[str, Any]
) -> None:
    client.open(**limits)
    models.add_fault(fault)
    assert isinstance(await failure(client.ask()), ModelTimeout)
    await until(lambda: models.requests()[-1].outcome is Outcome.CLIENT_GONE, "the end over there")
    assert text_of(await client.ask()) == TEXT


async def test_an_answer_without_a_word_is_none(client: ModelClient) -> None:
    assert isinstance(await failure(client.ask("echo: ")), ModelAnswerEmpty)


async def test_an_early_end_ends_the_request_and_gives_the_turn_back(
    client: ModelClient, models: LanguageModelEmulator
) -> None:
    client.open(concurrency=1)
    models.add_fault(Fault(FaultKind.SLOW, seconds=0.02))
    stream = client.service.stream(make_prompt(f"echo: {TEXT}"), user_id=1, conversation_id=None)
    async with aclosing(stream) as events:
        assert isinstance(await anext(events), Chunk)
    await until(lambda: models.requests()[-1].outcome is Outcome.CLIENT_GONE, "the end over there")
    assert isinstance((await client.ask())[0], Chunk)


async def test_a_provider_that_is_not_there_has_no_models(client: ModelClient) -> None:
    prompt = make_prompt(model=make_model("gpt-5-mini", provider="openai"))
    with pytest.raises(ModelNotFound):
        await client.ask(prompt=prompt)


async def test_tokens_are_counted_near_and_far(
    client: ModelClient, models: LanguageModelEmulator
) -> None:
    prompt = make_prompt("Привет! " * 50)
    counted = await client.service.count_tokens(prompt)
    assert 0 < counted <= client.service.upper_bound(prompt.messages)
    assert len(models.requests(Call.TOKENIZE)) == 1
    assert client.service.estimate(prompt.messages, "Hello").estimated


async def test_only_models_of_configured_providers_are_offered(
    client: ModelClient, settings: Settings
) -> None:
    service = client.service
    assert [model.id for model in service.models()] == ["yandexgpt-lite", "yandexgpt"]
    assert service.model("yandexgpt").id == "yandexgpt"
    for gone in (None, "", "gpt-mini", "gone"):
        assert service.model(gone) == service.models()[0]
    assert service.persona("editor").id == "editor"
    assert service.persona("gone") == service.persona(None) == service.personas()[0]


async def test_models_that_the_provider_does_not_list_are_warned_of(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    section = settings[OpenAiSettings]
    assert section.api_key is not None
    openai = OpenAi(section, section.api_key)
    models = (make_model("gpt-5-mini", provider="openai"), make_model("old", provider="openai"))
    catalogue = replace(load_catalogue(MODELS_FILE), models=models)
    service = LanguageModels(catalogue, {"openai": openai}, LlmSettings(), log_texts=False)

    await service.check()
    await openai.close()
    (line,) = lines(caplog, "model not listed by its provider")
    assert (line["model"], line["level"]) == ("old", "warning")


async def test_a_provider_that_does_not_list_its_models_is_no_trouble(
    caplog: pytest.LogCaptureFixture,
) -> None:
    openai = OpenAi(OpenAiSettings(api_base="http://model.invalid"), SecretStr("a-key"))
    service = LanguageModels(
        load_catalogue(MODELS_FILE), {"openai": openai}, LlmSettings(), log_texts=False
    )
    await service.check()
    await openai.close()
    (line,) = lines(caplog, "models not listed")
    assert line["outcome"] == "model-unavailable"


def test_without_a_provider_nothing_starts() -> None:
    with pytest.raises(StartupError, match="YANDEXGPT_API_KEY"):
        LanguageModels(load_catalogue(MODELS_FILE), {}, LlmSettings(), log_texts=False)


def test_without_a_model_of_a_provider_nothing_starts(settings: Settings) -> None:
    catalogue = load_catalogue(MODELS_FILE)
    section = settings[OpenAiSettings]
    assert section.api_key is not None
    openai = OpenAi(section, section.api_key)
    foreign = tuple(model for model in catalogue.models if model.provider != "openai")
    with pytest.raises(StartupError, match="enables no model"):
        LanguageModels(
            replace(catalogue, models=foreign), {"openai": openai}, LlmSettings(), log_texts=False
        )


def waiting(provider: str) -> int:
    value = REGISTRY.get_sample_value("okno_llm_queue_length", {"provider": provider})
    return int(value or 0)
