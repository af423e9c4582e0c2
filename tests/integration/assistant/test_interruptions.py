"""An answer whose process dies, is told to end, or loses sight of its user."""

import asyncio
import signal
import sys
from datetime import timedelta
from uuid import UUID

import pytest

from okno.assistant.dto import Answered, MessageStatus, Origin
from okno.assistant.errors import AnswerInProgress
from okno.assistant.service import AbandonedGenerations, watch
from okno.assistant.service.watch import LEASE
from okno.billing.service import BillingService
from okno.kit.actor import SYSTEM, Actor, Forbidden
from okno.kit.nursery import Nursery
from okno.kit.settings import Settings
from sandbox.llm import Call, Fault, FaultKind, LanguageModelEmulator, Outcome
from tests.conftest import ROOT
from tests.support.talk import Talk, first_text
from tests.support.wait import until

QUESTION = "Tell me 200 words"


@pytest.fixture
def _stalling(language_models: LanguageModelEmulator, clean: None) -> None:
    language_models.add_fault(Fault(FaultKind.STALL_INSIDE, seconds=60, after=3))


async def kill_in_the_middle(environment: dict[str, str], actor: Actor) -> None:
    """Answer in another process, and kill it once there is some text."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.support.answerer",
        str(actor.user_id),
        QUESTION,
        cwd=ROOT,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(30):
            assert await process.stdout.readline() == b"begun\n"
    finally:
        process.send_signal(signal.SIGKILL)
        await process.wait()


@pytest.mark.usefixtures("_stalling")
async def test_after_a_kill_the_user_is_told_once_and_nothing_stays_held(
    talk: Talk, anna: Actor, environment: dict[str, str]
) -> None:
    await kill_in_the_middle(environment, anna)
    assert await talk.end_abandoned() == (), "its lease is not over"
    with pytest.raises(AnswerInProgress):
        await talk.ask(anna, "echo: two")

    talk.clock.ahead += LEASE + timedelta(seconds=1)
    (interrupted,) = await talk.end_abandoned()
    assert await talk.end_abandoned() == ()

    assert interrupted.user_id == anna.user_id
    assert await talk.question(interrupted.question_id) == ("failed", "answer-interrupted")
    assert await talk.scalar("SELECT used_total FROM balances") == 0
    await talk.expect_nothing_held()
    answered = await talk.answer(await talk.try_again(anna))
    assert answered.message.status is MessageStatus.DONE
    await talk.expect_nothing_held()


@pytest.mark.usefixtures("_stalling")
async def test_after_a_kill_the_next_question_takes_over(
    talk: Talk, anna: Actor, environment: dict[str, str]
) -> None:
    await kill_in_the_middle(environment, anna)
    talk.clock.ahead += LEASE + timedelta(seconds=1)
    async with talk.conversations() as conversations:
        view = await conversations.view(anna)
    assert not view.is_running
    assert view.question is not None
    assert view.question.failure == "answer-interrupted"

    assert (await talk.say(anna, "echo: two")).text == "two"

    assert await talk.end_abandoned() == ()
    await talk.expect_nothing_held()


@pytest.mark.usefixtures("_stalling")
async def test_a_hold_whose_generation_nobody_ends_runs_out(
    talk: Talk, anna: Actor, environment: dict[str, str]
) -> None:
    await kill_in_the_middle(environment, anna)
    talk.clock.ahead += timedelta(hours=1)
    async with talk.billing() as billing:
        assert await billing.expire_holds(SYSTEM) == 1

    assert len(await talk.end_abandoned()) == 1
    assert await talk.scalar("SELECT used_total FROM balances") == 0
    await talk.expect_nothing_held()


async def test_of_many_that_look_one_is_to_tell(
    settings: Settings, talk: Talk, anna: Actor
) -> None:
    await talk.ask(anna, "echo: one")
    other = Talk(settings)
    talk.clock.ahead = other.clock.ahead = 2 * LEASE

    found = await asyncio.gather(*(one.end_abandoned() for one in (talk, other) * 5))

    assert sum(map(len, found)) == 1
    await talk.expect_nothing_held()
    await other.close()


async def test_one_that_cannot_be_ended_keeps_no_other_from_being_told(
    talk: Talk, anna: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    actors = [anna, *[await talk.register(8000 + number) for number in range(3)]]
    asked = [await talk.ask(actor, "echo: one") for actor in actors]
    talk.clock.ahead += 2 * LEASE
    release = BillingService.release

    async def fail_once(self: BillingService, actor: Actor, hold_id: UUID, reason: str) -> None:
        if hold_id == asked[1].hold_id:
            raise ZeroDivisionError
        await release(self, actor, hold_id, reason)

    monkeypatch.setattr(BillingService, "release", fail_once)
    told = [interrupted.user_id for interrupted in await talk.end_abandoned()]
    monkeypatch.undo()

    assert told == [actor.user_id for actor in actors if actor is not actors[1]]
    assert len(await talk.end_abandoned()) == 1
    await talk.expect_nothing_held()


async def test_only_the_system_ends_what_others_left(talk: Talk, anna: Actor) -> None:
    service = await talk.container.get(AbandonedGenerations)
    with pytest.raises(Forbidden):
        await service.end_all(anna, Origin.TELEGRAM)


@pytest.mark.usefixtures("_stalling")
async def test_closed_early_it_keeps_what_was_said_and_somebody_else_tells(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    generation = await talk.ask(anna, QUESTION)
    async with talk.answering(generation) as progress:
        shown = await first_text(progress)

    async with talk.conversations() as conversations:
        view = await conversations.view(anna)
    assert not view.is_running
    assert view.answer is not None
    assert view.answer.status is MessageStatus.STOPPED
    assert view.answer.text.startswith(shown)
    assert view.answer.cost == await talk.scalar("SELECT used_total FROM balances")
    await until(
        lambda: language_models.requests(Call.COMPLETION)[-1].outcome is Outcome.CLIENT_GONE
    )
    (interrupted,) = await talk.end_abandoned()
    assert interrupted.question_id == generation.question_id
    assert await talk.question(generation.question_id) == ("done", None)
    await talk.expect_nothing_held()


async def test_closed_before_the_first_word_it_fails_and_somebody_else_tells(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    language_models.add_fault(Fault(FaultKind.STALL_BEFORE, seconds=60))
    generation = await talk.ask(anna, "echo: one")

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await talk.follow(generation)

    assert await talk.question(generation.question_id) == ("failed", "answer-interrupted")
    assert len(await talk.end_abandoned()) == 1
    await talk.expect_nothing_held()


@pytest.mark.usefixtures("_stalling")
async def test_a_process_that_ends_stores_what_was_said(
    settings: Settings, talk: Talk, anna: Actor
) -> None:
    """The nursery cancels what outlasts its grace."""
    ending = Talk(settings)
    nursery = await ending.container.get(Nursery)
    nursery._grace = 0.05  # noqa: SLF001 - no test waits for the real one
    async with ending.answering(await ending.ask(anna, QUESTION)) as progress:
        await first_text(progress)
        await nursery.close()

    async with talk.conversations() as conversations:
        view = await conversations.view(anna)
    assert view.answer is not None
    assert view.answer.status is MessageStatus.STOPPED
    assert len(await talk.end_abandoned()) == 1
    await talk.expect_nothing_held()
    await ending.close()


@pytest.mark.usefixtures("_stalling")
async def test_an_answer_that_was_taken_over_ends_without_a_word(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    generation = await talk.ask(anna, QUESTION)
    async with talk.answering(generation) as progress:
        await first_text(progress)
        talk.clock.ahead += 2 * LEASE
        again = await talk.try_again(anna)
        answered = await talk.answer(again)
        language_models.release()
        assert [one async for one in progress if isinstance(one, Answered)] == []

    assert again.question_id == generation.question_id
    assert await talk.scalar("SELECT count(*) FROM messages WHERE role = 'assistant'") == 1
    assert await talk.scalar("SELECT used_total FROM balances") == answered.message.cost
    await talk.expect_nothing_held()


@pytest.mark.usefixtures("_stalling")
async def test_it_ends_as_soon_as_its_lease_is_gone(
    talk: Talk, anna: Actor, monkeypatch: pytest.MonkeyPatch, language_models: LanguageModelEmulator
) -> None:
    monkeypatch.setattr(watch, "GENERATION_RENEWAL_SECONDS", 0.05)
    async with talk.answering(await talk.ask(anna, QUESTION)) as progress:
        await first_text(progress)
        await talk.delete(anna)
        async with asyncio.timeout(10):
            assert [one async for one in progress if isinstance(one, Answered)] == []

    await until(
        lambda: language_models.requests(Call.COMPLETION)[-1].outcome is Outcome.CLIENT_GONE
    )
    assert await talk.scalar("SELECT count(*) FROM messages") == 0
    await talk.expect_nothing_held()


async def until_renewed(talk: Talk) -> None:
    """Wait until the lease ends in more than a minute."""
    async with asyncio.timeout(10):
        while True:
            if await talk.scalar("SELECT lease_until > now() + '1 minute' FROM generations"):
                return
            await asyncio.sleep(0.01)


@pytest.mark.usefixtures("_stalling")
async def test_the_lease_is_renewed_while_the_model_works(
    talk: Talk, anna: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "GENERATION_RENEWAL_SECONDS", 0.05)
    async with talk.answering(await talk.ask(anna, QUESTION)) as progress:
        await first_text(progress)
        talk.clock.ahead += 2 * LEASE
        await until_renewed(talk)
        assert await talk.end_abandoned() == ()
        with pytest.raises(AnswerInProgress):
            await talk.ask(anna, "echo: two")
        await talk.stop(anna)
        assert [type(one) async for one in progress][-1] is Answered


@pytest.mark.usefixtures("_stalling")
async def test_over_http_nobody_has_to_be_told_of_an_answer_that_was_left(
    talk: Talk, anna: Actor
) -> None:
    generation = await talk.ask(anna, QUESTION, origin=Origin.HTTP)
    async with talk.answering(generation) as progress:
        await first_text(progress)

    assert await talk.end_abandoned(Origin.HTTP) == ()
    assert await talk.question(generation.question_id) == ("done", None)
    cost = await talk.scalar("SELECT cost FROM messages WHERE role = 'assistant'")
    assert cost == await talk.scalar("SELECT used_total FROM balances") > 0
    await talk.expect_nothing_held()
    assert (await talk.say(anna, "echo: two")).text == "two"


async def test_every_surface_ends_what_was_asked_there(talk: Talk, anna: Actor) -> None:
    boris = await talk.register(7002)
    await talk.ask(anna, "echo: one", origin=Origin.TELEGRAM)
    await talk.ask(boris, "echo: one", origin=Origin.HTTP)
    talk.clock.ahead = 2 * LEASE

    told = [await talk.end_abandoned(origin) for origin in (Origin.HTTP, Origin.TELEGRAM)]

    assert [[one.user_id for one in some] for some in told] == [[boris.user_id], [anna.user_id]]
    await talk.expect_nothing_held()


@pytest.mark.usefixtures("_stalling")
async def test_a_hold_that_ran_out_meanwhile_leaves_the_answer_for_nothing(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    async with talk.answering(await talk.ask(anna, QUESTION)) as progress:
        await first_text(progress)
        talk.clock.ahead += timedelta(hours=1)
        async with talk.billing() as billing:
            assert await billing.expire_holds(SYSTEM) == 1
        language_models.release()
        answered = [one async for one in progress][-1]

    assert isinstance(answered, Answered)
    assert answered.message.cost == 0
    await talk.expect_nothing_held()
