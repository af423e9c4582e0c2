"""The end of a generation is decided by the first thing that happens."""

from decimal import Decimal
from uuid import uuid4

import pytest

from okno.assistant.dto import Generation, Growing, MessageStatus
from okno.assistant.service.run import ConversationRun
from okno.billing.dto import Price
from okno.llm.dto import Chunk, Finish, Model, Prompt, Queued
from okno.llm.errors import ModelTimeout


@pytest.fixture
def run() -> ConversationRun:
    model = Model("m", "p", "m", {}, 100, 10, Decimal(1), Decimal(1))
    prompt = Prompt(model, (), 10, 0.3, uuid4())
    price = Price(Decimal(1), Decimal(1))
    return ConversationRun(
        Generation(uuid4(), 1, 2, 3, uuid4(), prompt, price, tell_context_cut=False)
    )


def code(run: ConversationRun) -> str | None:
    failure = run.failure()
    return None if failure is None else failure.code


@pytest.mark.parametrize(
    ("finish", "status"),
    [(Finish.STOP, MessageStatus.DONE), (Finish.LENGTH, MessageStatus.TRUNCATED)],
)
def test_a_finished_answer_is_kept_even_if_a_stop_came_too_late(
    run: ConversationRun, finish: Finish, status: MessageStatus
) -> None:
    run.note(Chunk("text", finish))
    run.stop()
    assert code(run) is None
    assert run.status() is status


def test_the_filter_takes_away_what_was_shown(run: ConversationRun) -> None:
    run.note(Chunk("text"))
    run.note(Chunk("", Finish.CONTENT_FILTER))
    assert code(run) == "answer-filtered"


@pytest.mark.parametrize("text", ["", " \n", "\0"])
def test_a_finish_without_a_word_is_a_failure(run: ConversationRun, text: str) -> None:
    run.note(Chunk(text, Finish.LENGTH))
    assert code(run) == "model-answer-empty"


def test_a_stopped_answer_is_kept(run: ConversationRun) -> None:
    run.note(Chunk("text"))
    run.stop()
    assert code(run) is None
    assert run.status() is MessageStatus.STOPPED


def test_two_stops_are_one(run: ConversationRun) -> None:
    run.stop()
    run.stop()
    assert code(run) == "answer-stopped"


def test_an_answer_left_before_its_first_word_was_interrupted(run: ConversationRun) -> None:
    run.note(Queued(3))
    run.leave()
    assert code(run) == "answer-interrupted"


def test_an_error_counts_more_than_the_text_before_it(run: ConversationRun) -> None:
    run.note(Chunk("text"))
    run.error = ModelTimeout()
    run.work.cancel()
    run.stop()
    assert code(run) == "model-timeout"


def test_a_stream_that_just_ends_was_interrupted(run: ConversationRun) -> None:
    run.note(Chunk("text"))
    run.work.cancel()
    assert code(run) == "answer-interrupted"


async def test_only_what_can_be_read_is_shown(run: ConversationRun) -> None:
    run.note(Chunk("\0 "))
    run.note(Chunk("\0 a\ud800"))
    run.latest.close()

    assert await anext(run.latest) == Growing(" a?")
