"""The end of a generation is decided by the first thing that happens."""

from decimal import Decimal
from uuid import uuid4

import pytest

from okno.assistant.dto import Generation, Growing, MessageStatus
from okno.assistant.service.growing_answer import ConversationAnswer
from okno.billing.dto import Price
from okno.llm.dto import Chunk, Finish, Model, Prompt, Queued
from okno.llm.errors import ModelTimeout


@pytest.fixture
def answer() -> ConversationAnswer:
    model = Model("m", "p", "m", {}, 100, 10, Decimal(1), Decimal(1))
    prompt = Prompt(model, (), 10, 0.3, uuid4())
    price = Price(Decimal(1), Decimal(1))
    return ConversationAnswer(
        Generation(uuid4(), 1, 2, 3, uuid4(), prompt, price, tell_context_cut=False)
    )


def code(answer: ConversationAnswer) -> str | None:
    failure = answer.failure()
    return None if failure is None else failure.code


@pytest.mark.parametrize(
    ("finish", "status"),
    [(Finish.STOP, MessageStatus.DONE), (Finish.LENGTH, MessageStatus.TRUNCATED)],
)
def test_a_finished_answer_is_kept_even_if_a_stop_came_too_late(
    answer: ConversationAnswer, finish: Finish, status: MessageStatus
) -> None:
    answer.note(Chunk("text", finish))
    answer.stop()
    assert code(answer) is None
    assert answer.status() is status


def test_the_filter_takes_away_what_was_shown(answer: ConversationAnswer) -> None:
    answer.note(Chunk("text"))
    answer.note(Chunk("", Finish.CONTENT_FILTER))
    assert code(answer) == "answer-filtered"


@pytest.mark.parametrize("text", ["", " \n", "\0"])
def test_a_finish_without_a_word_is_a_failure(answer: ConversationAnswer, text: str) -> None:
    answer.note(Chunk(text, Finish.LENGTH))
    assert code(answer) == "model-answer-empty"


def test_a_stopped_answer_is_kept(answer: ConversationAnswer) -> None:
    answer.note(Chunk("text"))
    answer.stop()
    assert code(answer) is None
    assert answer.status() is MessageStatus.STOPPED


def test_two_stops_are_one(answer: ConversationAnswer) -> None:
    answer.stop()
    answer.stop()
    assert code(answer) == "answer-stopped"


def test_an_answer_left_before_its_first_word_was_interrupted(answer: ConversationAnswer) -> None:
    answer.note(Queued(3))
    answer.leave()
    assert code(answer) == "answer-interrupted"


def test_an_error_counts_more_than_the_text_before_it(answer: ConversationAnswer) -> None:
    answer.note(Chunk("text"))
    answer.error = ModelTimeout()
    answer.work.cancel()
    answer.stop()
    assert code(answer) == "model-timeout"


def test_a_stream_that_just_ends_was_interrupted(answer: ConversationAnswer) -> None:
    answer.note(Chunk("text"))
    answer.work.cancel()
    assert code(answer) == "answer-interrupted"


async def test_only_what_can_be_read_is_shown(answer: ConversationAnswer) -> None:
    answer.note(Chunk("\0 "))
    answer.note(Chunk("\0 a\ud800"))
    answer.latest.close()

    assert await anext(answer.latest) == Growing(" a?")
