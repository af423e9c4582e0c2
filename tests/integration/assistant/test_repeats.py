"""The same question under the same key: answered once, paid once, whatever happens in between."""

import asyncio
from datetime import timedelta
from hashlib import sha256

import pytest

from okno.assistant.dto import Answered, Generation, Origin, Repeat
from okno.assistant.errors import AnswerInProgress, RepeatDiffers
from okno.assistant.service.watch import LEASE
from okno.kit.actor import SYSTEM, Actor
from okno.kit.settings import Settings
from sandbox.llm import Call, Fault, FaultKind, LanguageModelEmulator
from tests.support.talk import Talk

REPEAT = Repeat("key-1", sha256(b"one").digest())
OTHER = Repeat("key-1", sha256(b"two").digest())


async def ask(
    talk: Talk, actor: Actor, text: str = "echo: one", repeat: Repeat = REPEAT
) -> Generation | Answered:
    async with talk.asking() as asking:
        return await asking.ask(actor, text, origin=Origin.HTTP, repeat=repeat)


async def begin(talk: Talk, actor: Actor, repeat: Repeat = REPEAT) -> Generation:
    begun = await ask(talk, actor, repeat=repeat)
    assert isinstance(begun, Generation)
    return begun


async def test_a_repeat_gives_the_first_answer_and_charges_nothing(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    await talk.say(anna, "echo: before")
    first = await talk.answer(await begin(talk, anna))
    await talk.say(anna, "echo: after")
    used = await talk.scalar("SELECT used_total FROM balances")

    again = await ask(talk, anna)

    assert again == first
    assert [one.text for one in first.context] == ["echo: before", "before", "echo: one", "one"]
    assert await talk.scalar("SELECT used_total FROM balances") == used
    assert len(language_models.requests(Call.COMPLETION)) == 3
    await talk.expect_nothing_held()


async def test_another_question_under_the_same_key_is_refused(talk: Talk, anna: Actor) -> None:
    generation = await begin(talk, anna)
    with pytest.raises(RepeatDiffers):
        await ask(talk, anna, "echo: two", OTHER)
    await talk.answer(generation)
    with pytest.raises(RepeatDiffers):
        await ask(talk, anna, "echo: two", OTHER)


async def test_a_key_belongs_to_its_user(talk: Talk, anna: Actor) -> None:
    boris = await talk.register(7002)
    await talk.answer(await begin(talk, anna))

    assert isinstance(await ask(talk, boris, "echo: two", OTHER), Generation)


async def test_while_the_first_is_answered_the_repeat_has_to_wait(talk: Talk, anna: Actor) -> None:
    generation = await begin(talk, anna)

    with pytest.raises(AnswerInProgress):
        await ask(talk, anna)

    await talk.answer(generation)
    assert isinstance(await ask(talk, anna), Answered)


async def test_of_many_at_once_one_is_answered(settings: Settings, talk: Talk, anna: Actor) -> None:
    other = Talk(settings)

    async def say(process: Talk) -> Answered | None:
        try:
            begun = await ask(process, anna)
        except AnswerInProgress:
            return None
        return begun if isinstance(begun, Answered) else await process.answer(begun)

    outcomes = await asyncio.gather(*(say(process) for process in (talk, other) * 8))

    assert len({one.message.id for one in outcomes if one is not None}) == 1
    assert await talk.scalar("SELECT count(*) FROM messages") == 2
    await talk.expect_nothing_held()
    await other.close()


async def test_what_failed_is_asked_again_and_then_remembered(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    language_models.add_fault(Fault(FaultKind.CONTENT_FILTER))
    (failed,) = await asyncio.gather(talk.follow(await begin(talk, anna)), return_exceptions=True)
    assert isinstance(failed, Exception)

    answered = await talk.answer(await begin(talk, anna))

    assert await ask(talk, anna) == answered
    await talk.expect_nothing_held()


async def test_what_a_dead_process_left_is_asked_again(talk: Talk, anna: Actor) -> None:
    await begin(talk, anna)
    talk.clock.ahead += LEASE + timedelta(seconds=1)

    answered = await talk.answer(await begin(talk, anna))

    assert await ask(talk, anna) == answered
    await talk.expect_nothing_held()


async def test_a_key_is_forgotten_after_a_day(talk: Talk, anna: Actor) -> None:
    await talk.answer(await begin(talk, anna))
    assert await (await talk.housekeeping()).forget_repeats(SYSTEM) == 0
    talk.clock.ahead += timedelta(days=1, seconds=1)
    assert await (await talk.housekeeping()).forget_repeats(SYSTEM) == 1

    await talk.answer(await begin(talk, anna, OTHER))
