"""One answer per user at a time, whatever arrives at once and in whichever process."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.pool import QueuePool

from okno.accounts.errors import UserNotFound
from okno.assistant.dto import Answered, Generation
from okno.assistant.errors import AnswerInProgress
from okno.assistant.service.planning import Planner
from okno.assistant.service.watch import LEASE
from okno.assistant.steps import Plan
from okno.kit import db
from okno.kit.actor import Actor
from okno.kit.db import Engine
from okno.kit.settings import Settings
from sandbox.llm import Fault, FaultKind, LanguageModelEmulator
from tests.support.talk import Talk, first_text

Outcome = Generation | BaseException


def begun(outcomes: list[Outcome]) -> list[Generation]:
    return [one for one in outcomes if isinstance(one, Generation)]


async def test_of_twenty_questions_at_once_one_begins(
    settings: Settings, talk: Talk, anna: Actor
) -> None:
    other_process = Talk(settings)
    asks = [
        process.ask(anna, f"echo: {number}")
        for number in range(10)
        for process in (talk, other_process)
    ]

    outcomes = await asyncio.gather(*asks, return_exceptions=True)

    (generation,) = begun(outcomes)
    refused = [one for one in outcomes if one is not generation]
    assert {type(one) for one in refused} == {AnswerInProgress}
    assert await talk.scalar("SELECT count(*) FROM messages") == 1
    assert await talk.scalar("SELECT count(*) FROM conversations") == 1
    assert await talk.scalar("SELECT count(*) FROM holds") == 1
    await talk.answer(generation)
    await talk.expect_nothing_held()
    await other_process.close()


async def test_of_ten_retries_at_once_one_begins(talk: Talk, anna: Actor) -> None:
    generation = await talk.ask(anna, "echo: one")
    talk.clock.ahead += 2 * LEASE

    outcomes = await asyncio.gather(
        *(talk.try_again(anna) for _ in range(10)), return_exceptions=True
    )

    (again,) = begun(outcomes)
    assert again.question_id == generation.question_id
    await talk.answer(again)
    await talk.expect_nothing_held()


@pytest.mark.slow
async def test_two_hundred_users_ask_at_once(
    settings: Settings, clean: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    # They wait for ten connections: on a slow machine for longer than a user would.
    monkeypatch.setattr(db, "POSTGRES_CONNECT_SECONDS", 60.0)
    talk = Talk(settings)
    actors = [await talk.register(8000 + number) for number in range(200)]

    async def say(actor: Actor) -> str:
        return (await talk.say(actor, f"echo: {actor.user_id}")).text

    answers = await asyncio.gather(*map(say, actors))

    assert answers == [str(actor.user_id) for actor in actors]
    await talk.expect_nothing_held()
    await talk.close()


async def test_a_question_planned_for_what_is_at_hand_no_more_is_planned_anew(
    talk: Talk, anna: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between planning and storing, another process answers a question."""
    await talk.say(anna, "echo: one")
    plan = Planner.plan
    plans = []

    async def plan_slowly(self: Planner, *args: Any) -> Plan:
        made = await plan(self, *args)
        plans.append(made)
        if len(plans) == 1:
            await talk.say(anna, "echo: in between")
        return made

    monkeypatch.setattr(Planner, "plan", plan_slowly)
    generation = await talk.ask(anna, "echo: two")

    said = [message.text for message in generation.prompt.messages[1:]]
    assert said == ["echo: one", "one", "echo: in between", "in between", "echo: two"]
    assert len(plans) == 3


async def test_a_deleted_account_asks_nothing(talk: Talk, anna: Actor) -> None:
    await talk.delete(anna)

    for use_case in (talk.ask(anna, "echo: one"), new_conversation(talk, anna)):
        with pytest.raises(UserNotFound):
            await use_case


async def test_questions_and_a_deletion_at_once_block_nobody(talk: Talk) -> None:
    """Each ends in its own way: no deadlock, no error that has no name."""
    for number in range(20):
        actor = await talk.register(9000 + number)
        await talk.say(actor, "echo: one")
        generation = await talk.ask(actor, "echo: two")

        outcomes = await asyncio.gather(
            talk.follow(generation),
            talk.delete(actor),
            talk.ask(actor, "echo: three"),
            return_exceptions=True,
        )

        assert not isinstance(outcomes[0], BaseException)
        assert outcomes[1] is None
        assert isinstance(outcomes[2], AnswerInProgress | UserNotFound)
    assert await talk.scalar("SELECT count(*) FROM users") == 0
    await talk.expect_nothing_held()


async def test_while_a_model_works_no_transaction_is_open(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    language_models.add_fault(Fault(FaultKind.STALL_INSIDE, seconds=60))
    generation = await talk.ask(anna, "Tell me 200 words")

    async with talk.answering(generation) as progress:
        await first_text(progress)

        engine = await talk.container.get(Engine)
        assert isinstance(engine.pool, QueuePool)
        assert engine.pool.checkedout() == 0
        async with engine.connect() as connection:
            states = await connection.scalars(
                text("SELECT state FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
            )
            locks = await connection.scalar(
                text("SELECT count(*) FROM pg_locks WHERE pid <> pg_backend_pid() AND granted")
            )
        assert set(states) <= {"idle", None}
        assert locks == 0
        await talk.stop(anna)
        assert [type(one) async for one in progress][-1] is Answered


async def new_conversation(talk: Talk, actor: Actor) -> None:
    await (await talk.choices()).new(actor)
