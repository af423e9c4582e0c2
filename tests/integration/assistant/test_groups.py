"""Exchanges that are stored together: few statements for all, and each fails alone."""

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from okno.assistant.dto import Answered, Generation, Message
from okno.assistant.errors import AnswerInProgress
from okno.assistant.service import finish
from okno.assistant.service.watch import LEASE
from okno.assistant.store.exchanges import ExchangeStore
from okno.billing.errors import PaymentRequired
from okno.kit.actor import Actor
from okno.kit.uow import UnitOfWork
from sandbox.llm import Call, LanguageModelEmulator
from tests.support.bank import request
from tests.support.talk import Talk

CROWD = 30


@pytest.fixture
async def crowd(talk: Talk) -> list[Actor]:
    """People who have each asked something before."""
    actors = [await talk.register(8000 + number) for number in range(CROWD)]
    await asyncio.gather(*(talk.say(actor, "echo: hello") for actor in actors))
    return actors


@pytest.fixture
def count_statements(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Counter[str]]:
    counted: Counter[str] = Counter()
    fetch, begin = UnitOfWork.fetch, UnitOfWork._commit  # noqa: SLF001 - every commit passes it

    async def count(self: UnitOfWork, query: str, *values: Any) -> list[Any]:
        counted["statements"] += 1
        return await fetch(self, query, *values)

    async def commit(self: UnitOfWork, *args: Any) -> None:
        counted["transactions"] += 1
        await begin(self, *args)

    monkeypatch.setattr(UnitOfWork, "fetch", count)
    monkeypatch.setattr(UnitOfWork, "_commit", commit)
    return lambda: counted


async def test_an_exchange_takes_two_transactions_and_eight_statements(
    talk: Talk, anna: Actor, count_statements: Callable[[], Counter[str]]
) -> None:
    await talk.say(anna, "echo: one")
    count_statements().clear()

    await talk.say(anna, "echo: two")

    assert count_statements() == {"transactions": 2, "statements": 8}


async def test_many_exchanges_at_once_share_transactions(
    talk: Talk, crowd: list[Actor], count_statements: Callable[[], Counter[str]]
) -> None:
    count_statements().clear()

    answers = await asyncio.gather(*(talk.say(actor, f"echo: {actor.user_id}") for actor in crowd))

    assert [answer.text for answer in answers] == [str(actor.user_id) for actor in crowd]
    assert count_statements()["transactions"] < CROWD
    await talk.expect_nothing_held()


async def test_who_can_not_pay_is_refused_alone(talk: Talk, crowd: list[Actor]) -> None:
    poor = crowd[3]
    async with talk.billing() as billing:
        everything = (await billing.balance(poor)).available
        await billing.reserve(poor, request(everything))

    outcomes = await asyncio.gather(
        *(talk.ask(actor, "echo: two") for actor in crowd), return_exceptions=True
    )

    refused = [one for one in outcomes if not isinstance(one, Generation)]
    assert [type(one) for one in refused] == [PaymentRequired]
    assert outcomes[3] is refused[0]


async def test_an_exchange_that_can_not_be_stored_fails_alone(
    talk: Talk, crowd: list[Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = ExchangeStore.begin
    bad = crowd[5].user_id

    async def fail_one(self: ExchangeStore, planned: Any, *args: Any) -> list[int]:
        if any(one.user_id == bad for one in planned):
            raise ZeroDivisionError
        return await begin(self, planned, *args)

    monkeypatch.setattr(ExchangeStore, "begin", fail_one)
    outcomes = await asyncio.gather(
        *(talk.ask(actor, "echo: two") for actor in crowd), return_exceptions=True
    )

    assert isinstance(outcomes[5], ZeroDivisionError)
    assert sum(isinstance(one, Generation) for one in outcomes) == CROWD - 1
    assert await talk.scalar("SELECT count(*) FROM holds") == CROWD - 1


async def test_an_answer_that_can_not_be_stored_keeps_no_other_back(
    talk: Talk, crowd: list[Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finish, "FURTHER_ATTEMPTS", 2)
    monkeypatch.setattr(finish, "FIRST_PAUSE_SECONDS", 0.01)
    generations = await asyncio.gather(*(talk.ask(actor, "echo: two") for actor in crowd))
    answer = ExchangeStore.answer
    bad = generations[5].question_id

    async def fail_one(self: ExchangeStore, ends: Any, *args: Any) -> list[Message]:
        if any(end.generation.question_id == bad for end in ends):
            raise ZeroDivisionError
        return await answer(self, ends, *args)

    monkeypatch.setattr(ExchangeStore, "answer", fail_one)
    outcomes = await asyncio.gather(*map(talk.follow, generations), return_exceptions=True)

    failed = [number for number, one in enumerate(outcomes) if isinstance(one, BaseException)]
    assert failed == [5]
    assert await talk.scalar("SELECT count(*) FROM holds") == 1
    await talk.expect_correct_books()


async def test_exchanges_of_one_user_are_never_stored_together(talk: Talk, anna: Actor) -> None:
    await talk.say(anna, "echo: one")

    outcomes = await asyncio.gather(
        *(talk.ask(anna, f"echo: {number}") for number in range(10)), return_exceptions=True
    )

    begun = [one for one in outcomes if isinstance(one, Generation)]
    assert len(begun) == 1
    assert {type(one) for one in outcomes if one not in begun} == {AnswerInProgress}
    await talk.answer(begun[0])
    await talk.expect_nothing_held()


async def test_a_group_of_all_kinds_of_exchanges_is_stored_right(
    talk: Talk, crowd: list[Actor], language_models: LanguageModelEmulator
) -> None:
    """First questions, questions that failed and are asked again, and usual ones."""
    again, usual = crowd[:10], crowd[10:]
    new = [await talk.register(9000 + number) for number in range(10)]
    await asyncio.gather(*(talk.ask(actor, "echo: again") for actor in again))
    talk.clock.ahead = 2 * LEASE
    await talk.end_abandoned()

    generations = await asyncio.gather(
        *(talk.ask(actor, "echo: new") for actor in new),
        *(talk.try_again(actor) for actor in again),
        *(talk.ask(actor, "echo: usual") for actor in usual),
    )
    outcomes = await asyncio.gather(*map(talk.answer, generations))

    assert all(isinstance(one, Answered) for one in outcomes)
    said = Counter(one.message.text for one in outcomes)
    assert said == {"new": 10, "again": 10, "usual": CROWD - 10}
    asked = language_models.requests(Call.COMPLETION)[-CROWD - 10 :]
    assert {len(one.messages) for one in asked} == {2, 4}
    await talk.expect_nothing_held()
