"""A failure is stored with its reason, costs nothing, and can be tried again."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
import structlog

from okno.assistant.dto import Answered, Generation
from okno.assistant.errors import AnswerFiltered, AnswerInterrupted
from okno.kit.actor import Actor
from okno.kit.errors import OknoError
from okno.kit.metrics import REGISTRY
from okno.kit.settings import Settings
from okno.llm.config import LlmSettings
from okno.llm.dto import Chunk, Finish, Usage
from okno.llm.errors import ModelAnswerEmpty
from okno.llm.service import LanguageModels
from sandbox.llm import Fault, FaultKind, LanguageModelEmulator
from tests.support.talk import Talk

FAILURES = {
    FaultKind.BAD_REQUEST: "model-request-refused",
    FaultKind.UNAUTHENTICATED: "model-key-refused",
    FaultKind.PERMISSION_DENIED: "model-access-denied",
    FaultKind.NOT_FOUND: "model-not-found",
    FaultKind.HOURLY_LIMIT: "model-busy",
    FaultKind.UNAVAILABLE: "model-unavailable",
    FaultKind.CUT_INSIDE: "model-stream-broken",
    FaultKind.NO_FINAL: "model-stream-broken",
    FaultKind.STALL_INSIDE: "model-timeout",
    FaultKind.CONTENT_FILTER: "answer-filtered",
}


async def failure(talk: Talk, generation: Generation) -> OknoError:
    with pytest.raises(OknoError) as failed:
        await talk.follow(generation)
    return failed.value


@pytest.mark.parametrize(("kind", "code"), FAILURES.items())
async def test_a_failure_is_stored_and_charges_nothing(
    settings: Settings,
    clean: None,
    language_models: LanguageModelEmulator,
    kind: FaultKind,
    code: str,
) -> None:
    hasty = settings[LlmSettings].model_copy(update={"stall_seconds": 0.2})
    talk = Talk(settings.replaced(hasty))
    anna = await talk.register()
    language_models.add_fault(Fault(kind, times=9, seconds=60))

    generation = await talk.ask(anna, "Tell me 100 words")
    error = await failure(talk, generation)

    assert error.code == code
    assert await talk.question(generation.question_id) == ("failed", code)
    assert await talk.scalar("SELECT used_total FROM balances") == 0
    await talk.expect_nothing_held()
    await talk.close()


async def test_the_same_question_is_tried_again_and_paid_once(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    language_models.add_fault(Fault(FaultKind.CUT_INSIDE))
    first = await talk.ask(anna, "Tell me 100 words")
    await failure(talk, first)

    again = await talk.try_again(anna)
    answered = await talk.answer(again)

    assert again.question_id == first.question_id
    assert await talk.question(first.question_id) == ("done", None)
    assert await talk.scalar("SELECT count(*) FROM messages") == 2
    assert await talk.scalar("SELECT used_total FROM balances") == answered.message.cost
    await talk.expect_nothing_held()


async def test_after_a_failure_another_question_may_be_asked(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    language_models.add_fault(Fault(FaultKind.CONTENT_FILTER))
    assert isinstance(await failure(talk, await talk.ask(anna, "echo: one")), AnswerFiltered)

    assert (await talk.say(anna, "echo: two")).text == "two"


async def test_an_answer_without_a_word_is_none(
    talk: Talk, anna: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stream(*_args: object, **_about: object) -> AsyncGenerator[Chunk, None]:
        yield Chunk(" \0\n", Finish.STOP, Usage(10, 3))

    """The rest of this text can't be stored."""
    generation = await talk.ask(anna, "echo: one")
    monkeypatch.setattr(LanguageModels, "stream", stream)

    assert isinstance(await failure(talk, generation), ModelAnswerEmpty)
    assert await talk.question(generation.question_id) == ("failed", "model-answer-empty")
    await talk.expect_nothing_held()


async def test_what_nobody_foresaw_ends_the_answer_all_the_same(
    talk: Talk, anna: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stream(*_args: object, **_about: object) -> AsyncGenerator[Chunk, None]:
        yield Chunk("Begun")
        raise ZeroDivisionError

    monkeypatch.setattr(LanguageModels, "stream", stream)
    generation = await talk.ask(anna, "echo: one")

    with structlog.testing.capture_logs() as logs:
        assert isinstance(await failure(talk, generation), AnswerInterrupted)

    assert "answer failed unexpectedly" in {entry["event"] for entry in logs}
    await talk.expect_nothing_held()


async def test_the_log_tells_everything_but_the_texts(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    with structlog.testing.capture_logs() as logs:
        await talk.say(anna, "echo: my secret love")
        language_models.add_fault(Fault(FaultKind.CONTENT_FILTER))
        await failure(talk, await talk.ask(anna, "echo: my secret love"))

    by_event = {entry["event"]: entry for entry in logs}
    answered = by_event["answered"]
    assert answered["user_id"] == anna.user_id
    assert answered["cost"] == answered["input_tokens"] + answered["output_tokens"]
    assert answered["ms"] >= 0
    assert by_event["answer failed"]["code"] == "answer-filtered"
    assert "secret love" not in str(logs)


async def test_every_end_is_counted(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    def count(outcome: str) -> float:
        return REGISTRY.get_sample_value("okno_answers_total", {"outcome": outcome}) or 0

    before = count("done"), count("answer-filtered")
    await talk.say(anna, "echo: one")
    language_models.add_fault(Fault(FaultKind.CONTENT_FILTER))
    await failure(talk, await talk.ask(anna, "echo: two"))

    assert (count("done"), count("answer-filtered")) == (before[0] + 1, before[1] + 1)
    assert REGISTRY.get_sample_value("okno_generations_running") == 0


async def test_many_failures_at_once_leave_nothing_behind(
    talk: Talk, language_models: LanguageModelEmulator
) -> None:
    actors = [await talk.register(8000 + number) for number in range(30)]
    language_models.add_fault(Fault(FaultKind.CUT_INSIDE, times=15))

    async def attempt(actor: Actor) -> bool:
        progress = await talk.follow(await talk.ask(actor, "Tell me 50 words"))
        return isinstance(progress[-1], Answered)

    outcomes = await asyncio.gather(*map(attempt, actors), return_exceptions=True)

    assert outcomes.count(True) == 15
    await talk.expect_nothing_held()
