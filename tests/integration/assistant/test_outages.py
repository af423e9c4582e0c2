"""PostgreSQL goes away at the worst moment: when an answer is to be stored."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import structlog
from sqlalchemy import text

from okno.assistant.dto import Answered, Message, MessageStatus
from okno.assistant.service import finish
from okno.assistant.service.finish_conversation import ConversationFinisher
from okno.assistant.service.growing_answer import ConversationAnswer
from okno.assistant.service.watch import LEASE
from okno.assistant.steps import GenerationEnd
from okno.kit.actor import Actor
from okno.kit.db import Engine
from okno.kit.errors import TemporarilyUnavailable
from okno.kit.settings import Settings
from okno.kit.uow import UnitOfWork
from sandbox.llm import Fault, FaultKind, LanguageModelEmulator
from tests.support.talk import Talk, first_text
from tests.support.wait import until

QUESTION = "Tell me 200 words"


async def set_read_only(talk: Talk, value: str) -> None:
    """Make PostgreSQL refuse all writing, as a replica does; its connections are new then."""
    engine = await talk.container.get(Engine)
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("SET default_transaction_read_only = off"))
        await connection.execute(
            text(f"ALTER DATABASE okno SET default_transaction_read_only = {value}")
        )
    await engine.dispose()


async def test_an_end_that_cannot_be_stored_at_first_is_stored_later(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    language_models.add_fault(Fault(FaultKind.STALL_INSIDE, seconds=60))
    generation = await talk.ask(anna, QUESTION)
    following = asyncio.gather(talk.answer(generation))
    await until(lambda: language_models.stalled == 1)
    await set_read_only(talk, "on")
    try:
        with structlog.testing.capture_logs() as logs:
            language_models.release()
            await until(
                lambda: "end of the answer not stored yet" in [one["event"] for one in logs]
            )
    finally:
        await set_read_only(talk, "off")

    (answered,) = await following
    assert answered.message.cost == await talk.scalar("SELECT used_total FROM balances")
    await talk.expect_nothing_held()


async def test_an_end_that_can_never_be_stored_is_told_and_later_released(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finish, "FURTHER_ATTEMPTS", 2)
    monkeypatch.setattr(finish, "FIRST_PAUSE_SECONDS", 0.01)
    language_models.add_fault(Fault(FaultKind.STALL_INSIDE, seconds=60))
    generation = await talk.ask(anna, QUESTION)
    following = asyncio.gather(talk.follow(generation), return_exceptions=True)
    await until(lambda: language_models.stalled == 1)
    await set_read_only(talk, "on")
    try:
        language_models.release()
        (outcome,) = await following
    finally:
        await set_read_only(talk, "off")

    assert isinstance(outcome, TemporarilyUnavailable)
    assert await talk.question(generation.question_id) == ("pending", None)
    talk.clock.ahead += LEASE + timedelta(seconds=1)
    assert len(await talk.end_abandoned()) == 1
    assert await talk.question(generation.question_id) == ("failed", "answer-interrupted")
    assert await talk.scalar("SELECT used_total FROM balances") == 0
    await talk.expect_nothing_held()


async def test_a_failure_is_told_even_if_it_cannot_be_stored(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finish, "FURTHER_ATTEMPTS", 1)
    language_models.add_fault(Fault(FaultKind.CONTENT_FILTER))
    generation = await talk.ask(anna, "echo: one")
    await set_read_only(talk, "on")
    try:
        (outcome,) = await asyncio.gather(talk.follow(generation), return_exceptions=True)
    finally:
        await set_read_only(talk, "off")

    assert getattr(outcome, "code", None) == "answer-filtered"
    talk.clock.ahead += LEASE + timedelta(seconds=1)
    await talk.end_abandoned()
    await talk.expect_nothing_held()


@pytest.mark.parametrize("is_left", [False, True], ids=["followed", "left"])
async def test_a_commit_whose_confirmation_is_lost_is_not_repeated(
    talk: Talk,
    anna: Actor,
    language_models: LanguageModelEmulator,
    monkeypatch: pytest.MonkeyPatch,
    *,
    is_left: bool,
) -> None:
    if is_left:
        language_models.add_fault(Fault(FaultKind.STALL_INSIDE, seconds=60, after=3))
    generation = await talk.ask(anna, QUESTION)
    commit = UnitOfWork._commit  # noqa: SLF001 - every commit passes it
    commits = []

    async def commit_and_lose(self: UnitOfWork, *args: Any) -> None:
        await commit(self, *args)
        commits.append(self)
        if len(commits) == 1:
            raise ConnectionResetError("lost")

    monkeypatch.setattr(UnitOfWork, "_commit", commit_and_lose)
    if is_left:
        async with talk.answering(generation) as progress:
            await first_text(progress)
    else:
        answered = await talk.answer(generation)
        assert answered.message.cost == await talk.scalar("SELECT used_total FROM balances")
    monkeypatch.undo()

    assert len(commits) > 1
    assert await talk.scalar("SELECT count(*) FROM messages") == 2
    assert len(await talk.end_abandoned()) == int(is_left)
    await talk.expect_nothing_held()


async def test_what_another_process_has_answered_meanwhile_is_its_own(
    settings: Settings, talk: Talk, anna: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first attempt to store an answer fails, and before the second the lease runs out."""
    other = Talk(settings)
    store = ConversationFinisher.store_end
    attempts = []

    async def fail_and_lose(
        self: ConversationFinisher, answer: ConversationAnswer, end: GenerationEnd, before: int
    ) -> Message | None:
        attempts.append(end)
        if len(attempts) > 1:
            return await store(self, answer, end, before)
        monkeypatch.setattr(ConversationFinisher, "store_end", store)
        other.clock.ahead = 2 * LEASE
        taken_over = await other.answer(await other.try_again(anna))
        assert taken_over.message.status is MessageStatus.DONE
        raise ConnectionResetError("lost")

    generation = await talk.ask(anna, "echo: one")
    monkeypatch.setattr(ConversationFinisher, "store_end", fail_and_lose)

    assert [one for one in await talk.follow(generation) if isinstance(one, Answered)] == []
    assert await talk.scalar("SELECT count(*) FROM messages") == 2
    paid = await talk.scalar("SELECT cost FROM messages WHERE role = 'assistant'")
    assert await talk.scalar("SELECT used_total FROM balances") == paid
    await talk.expect_nothing_held()
    await other.close()
