"""Answers of one user that end close to each other: each once, in the order of the questions."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
import structlog
from stamina import AsyncRetryingCaller

from sandbox.llm import Fault, FaultKind, LanguageModelEmulator
from sandbox.telegram import Fault as TelegramFault
from sandbox.telegram import FaultKind as TelegramFaultKind
from tests.support.person import Person
from tests.support.stage import Stage
from tests.support.timing import CALL_RETRY_AT_ONCE, NO_WAITING
from tests.support.wait import TIMEOUT, until

SLOW_DRAFT = TelegramFault("sendMessageDraft", kind=TelegramFaultKind.SLOW, delay=0.5)
"""An answer is not sent before its last frame has arrived, which comes late."""

RETRY_FOR_TEN_SECONDS = AsyncRetryingCaller(
    attempts=50, timeout=None, wait_initial=0.2, wait_jitter=0, wait_exp_base=1
)


@pytest.fixture
async def anna(stage: Stage) -> Person:
    person = stage.person("Anna")
    await person.register()
    return person


async def nothing_runs(stage: Stage) -> None:
    """Wait until the model is done, and with it the user free to ask on."""
    async with asyncio.timeout(TIMEOUT):
        while await stage.scalar("SELECT count(*) FROM generations"):
            pass


def said(person: Person) -> list[str]:
    """All messages of the bot after the welcome."""
    return [message["text"] for message in person.messages if message["author"] == "bot"][1:]


async def test_an_answer_does_not_overtake_the_one_before(stage: Stage, anna: Person) -> None:
    stage.emulator.add_fault(SLOW_DRAFT)
    await anna.say("echo: first")
    await nothing_runs(stage)

    await anna.ask("echo: second")

    assert said(anna) == ["first", "second"]
    assert [message["text"] for message in anna.messages if message["keyboard"]] == ["second"]


async def test_the_parts_of_a_long_answer_stay_together(stage: Stage, anna: Person) -> None:
    slow = TelegramFault("sendMessage", kind=TelegramFaultKind.SLOW, delay=0.5)
    stage.emulator.add_fault(slow)
    await anna.say("Tell me a story in 9 000 characters")
    await nothing_runs(stage)

    await anna.ask("echo: second")

    *parts, last = said(anna)
    assert len(parts) > 1
    assert last == "second"
    assert "second" not in parts


async def test_a_failure_is_told_before_the_next_answer_which_comes_once(
    stage: Stage, language_models: LanguageModelEmulator, anna: Person
) -> None:
    stage.emulator.add_fault(SLOW_DRAFT)
    language_models.add_fault(Fault(FaultKind.UNAUTHENTICATED))
    await anna.say("echo: first")
    await nothing_runs(stage)

    await anna.ask("echo: second")

    failure, *answers = said(anna)
    assert failure.startswith("There is no answer")
    assert answers == ["second"]


async def test_a_failure_at_hand_is_a_window(
    language_models: LanguageModelEmulator, anna: Person
) -> None:
    language_models.add_fault(Fault(FaultKind.UNAUTHENTICATED))

    await anna.ask("echo: first")

    assert said(anna) == [anna.window["text"]]
    assert anna.window["text"].startswith("There is no answer")
    assert "🔁 Try again" in anna.labels


async def test_an_outage_of_redis_delays_the_answer_no_longer_than_it_lasts(
    stage: Stage, language_models: LanguageModelEmulator, anna: Person
) -> None:
    stage.rhythm = replace(NO_WAITING, retry=RETRY_FOR_TEN_SECONDS)
    await stage.restart()
    language_models.add_fault(Fault(FaultKind.STALL_INSIDE, seconds=60))
    await anna.say("echo: one two three")
    await until(lambda: language_models.stalled == 1, "the model to stall")
    redis = await stage.redis()

    with structlog.testing.capture_logs() as logs:
        await redis.config_set("maxmemory", 1)
        language_models.release()
        await until(lambda: "not sent yet" in events(logs), "a vain attempt")
        await redis.config_set("maxmemory", 0)
        await until(lambda: anna.window["text"] == "one two three", "the answer", timeout=5)

    assert "update failed" not in events(logs)


async def test_an_attempt_that_is_repeated_is_no_failed_update(
    stage: Stage, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tgbot.client.retry.CALL_RETRY", CALL_RETRY_AT_ONCE)
    stage.expect_refusals(502)
    stage.emulator.add_fault(TelegramFault("sendMessage", code=502, times=3))

    with structlog.testing.capture_logs() as logs:
        await anna.ask("echo: hello")

    assert anna.window["text"] == "hello"
    assert "not sent yet" in events(logs)
    assert "update failed" not in events(logs)


def events(logs: list[Any]) -> list[str]:
    return [entry["event"] for entry in logs]
