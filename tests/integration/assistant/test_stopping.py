"""A stop ends an answer wherever it is made, and whatever it has come to."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from okno.assistant.dto import Answered, MessageStatus, Progress
from okno.assistant.errors import AnswerStopped
from okno.assistant.service import watch
from okno.kit.actor import Actor
from okno.kit.settings import RedisSettings, Settings
from okno.llm.config import LlmSettings
from okno.llm.dto import Queued
from sandbox.llm import Call, Fault, FaultKind, LanguageModelEmulator, Provider
from tests.support.talk import Talk, first_text
from tests.support.wait import until

QUESTION = "Tell me 200 words"


async def the_end(progress: AsyncIterator[Progress]) -> Answered:
    last = [one async for one in progress][-1]
    assert isinstance(last, Answered)
    return last


@pytest.fixture
def _stalling(language_models: LanguageModelEmulator, clean: None) -> None:
    language_models.add_fault(Fault(FaultKind.STALL_INSIDE, seconds=60, after=3))


@pytest.mark.usefixtures("_stalling")
async def test_a_stopped_answer_is_kept_and_paid_up_to_the_last_frame(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    generation = await talk.ask(anna, QUESTION)
    async with talk.answering(generation) as progress:
        shown = await first_text(progress)
        await until(lambda: language_models.stalled == 1)
        assert await talk.stop(anna)
        answered = await the_end(progress)

    assert answered.message.status is MessageStatus.STOPPED
    assert answered.message.text.startswith(shown)
    asked = language_models.requests(Call.COMPLETION)[-1]
    assert answered.usage.output_tokens == 45, "three frames of 15 tokens"
    assert answered.message.cost == asked.input_tokens + 45
    assert await talk.question(generation.question_id) == ("done", None)
    await talk.expect_nothing_held()


@pytest.mark.usefixtures("_stalling")
async def test_a_stopped_answer_is_remembered(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    async with talk.answering(await talk.ask(anna, QUESTION)) as progress:
        shown = await first_text(progress)
        await talk.stop(anna)
        stopped = (await the_end(progress)).message

    await talk.say(anna, "Continue")

    sent = language_models.requests(Call.COMPLETION)[-1].messages
    assert [message.text for message in sent[1:]] == [QUESTION, stopped.text, "Continue"]
    assert stopped.text.startswith(shown)


@pytest.mark.usefixtures("_stalling")
async def test_a_stop_reaches_another_process(settings: Settings, talk: Talk, anna: Actor) -> None:
    other = Talk(settings)
    async with talk.answering(await talk.ask(anna, QUESTION)) as progress:
        await first_text(progress)
        assert await other.stop(anna)
        assert (await the_end(progress)).message.status is MessageStatus.STOPPED
    await other.close()


@pytest.mark.usefixtures("_stalling")
async def test_a_stop_arrives_without_redis(
    settings: Settings, talk: Talk, anna: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "GENERATION_RENEWAL_SECONDS", 0.05)
    dead = settings[RedisSettings].model_copy(update={"host": "127.0.0.1", "port": 1})
    other = Talk(settings.replaced(dead))
    async with talk.answering(await talk.ask(anna, QUESTION)) as progress:
        await first_text(progress)
        assert await other.stop(anna)
        assert (await the_end(progress)).message.status is MessageStatus.STOPPED
    await other.close()


async def test_a_stop_before_the_first_word_costs_nothing(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    language_models.add_fault(Fault(FaultKind.STALL_BEFORE, seconds=60))
    generation = await talk.ask(anna, "echo: one")
    following = asyncio.gather(talk.follow(generation), return_exceptions=True)
    await until(lambda: language_models.stalled == 1)
    await talk.stop(anna)
    (outcome,) = await following

    assert isinstance(outcome, AnswerStopped)
    assert await talk.question(generation.question_id) == ("failed", "answer-stopped")
    assert await talk.scalar("SELECT used_total FROM balances") == 0
    await talk.expect_nothing_held()
    assert (await talk.answer(await talk.try_again(anna))).message.text == "one"


async def test_a_stop_that_is_faster_than_the_answer_holds(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    """The user presses Stop before the process has begun to ask the model."""
    language_models.add_fault(Fault(FaultKind.STALL_BEFORE, seconds=60))
    generation = await talk.ask(anna, QUESTION)
    assert await talk.stop(anna)

    with pytest.raises(AnswerStopped):
        await talk.follow(generation)
    await talk.expect_nothing_held()


async def test_a_stop_reaches_a_question_that_waits_for_its_turn(
    settings: Settings, clean: None, language_models: LanguageModelEmulator
) -> None:
    language_models.add_fault(Fault(FaultKind.STALL_INSIDE, seconds=60))
    talk = Talk(settings.replaced(settings[LlmSettings].model_copy(update={"concurrency": 1})))
    anna, boris = await talk.register(1), await talk.register(2)
    async with talk.answering(await talk.ask(anna, QUESTION)) as first:
        await first_text(first)
        waiting = await talk.ask(boris, "echo: two")
        async with talk.answering(waiting) as second:
            assert await anext(second) == Queued(1)
            assert await talk.stop(boris)
            with pytest.raises(AnswerStopped):
                await anext(second)
        await talk.stop(anna)
        await the_end(first)

    assert await talk.question(waiting.question_id) == ("failed", "answer-stopped")
    assert len(language_models.requests(Call.COMPLETION)) == 1
    await talk.expect_nothing_held()
    await talk.close()


async def test_frames_without_usage_are_paid_by_an_estimate(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    """OpenAI tells the usage at the end alone."""
    await (await talk.choices()).choose_model(anna, "gpt-mini")
    stall = Fault(FaultKind.STALL_INSIDE, provider=Provider.OPENAI, seconds=60, after=20)
    language_models.add_fault(stall)

    async with talk.answering(await talk.ask(anna, QUESTION)) as progress:
        await first_text(progress)
        await until(lambda: language_models.stalled == 1)
        await talk.stop(anna)
        answered = await the_end(progress)

    assert answered.usage.estimated
    assert answered.usage.output_tokens > 0
    assert answered.message.cost
    await talk.expect_nothing_held()


async def test_where_nothing_runs_there_is_nothing_to_stop(talk: Talk, anna: Actor) -> None:
    assert not await talk.stop(anna)
    await talk.say(anna, "echo: one")
    assert not await talk.stop(anna)


async def test_a_stop_and_the_end_at_once_end_it_once(settings: Settings, clean: None) -> None:
    talk = Talk(settings, welcome_tokens=1_000_000)
    anna = await talk.register()
    for number in range(20):
        generation = await talk.ask(anna, f"Tell me {100 + number} words")
        _stopped, outcome = await asyncio.gather(
            talk.stop(anna), talk.follow(generation), return_exceptions=True
        )
        if isinstance(outcome, BaseException):
            assert isinstance(outcome, AnswerStopped)
        else:
            assert isinstance(outcome[-1], Answered)
        await talk.expect_nothing_held()
    await talk.close()
