"""Questions: stored and paid for in advance in one step, with the past that belongs to them."""

import pytest

from okno.assistant.dto import MessageStatus
from okno.assistant.errors import NothingToRetry, QuestionEmpty
from okno.kit.actor import SYSTEM, Actor, Forbidden
from okno.llm.dto import PromptRole
from sandbox.llm import Call, LanguageModelEmulator
from tests.support.talk import Talk


def said(models: LanguageModelEmulator) -> list[tuple[str, str]]:
    """Return the newest prompt, without that of the persona."""
    messages = models.requests(Call.COMPLETION)[-1].messages
    return [(message.role, message.text) for message in messages if message.role != "system"]


async def test_a_question_is_answered_stored_and_paid(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    generation = await talk.ask(anna, "echo: Hello!")
    answered = await talk.answer(generation)

    assert answered.message.text == "Hello!"
    assert answered.message.status is MessageStatus.DONE
    asked = language_models.requests(Call.COMPLETION)[-1]
    assert answered.usage.input_tokens == asked.input_tokens
    assert answered.usage.output_tokens == asked.output_tokens
    cost = asked.input_tokens + asked.output_tokens
    assert answered.message.cost == cost
    assert await talk.scalar("SELECT used_total FROM balances") == cost
    assert await talk.question(generation.question_id) == ("done", None)
    await talk.expect_nothing_held()


async def test_the_model_is_told_what_was_said_before(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    await talk.say(anna, "echo: one")
    await talk.say(anna, "echo: two")
    await talk.say(anna, "echo: three")

    assert said(language_models) == [
        ("user", "echo: one"),
        ("assistant", "one"),
        ("user", "echo: two"),
        ("assistant", "two"),
        ("user", "echo: three"),
    ]


async def test_a_question_begins_with_the_persona(talk: Talk, anna: Actor) -> None:
    await (await talk.choices()).choose_persona(anna, "translator")

    generation = await talk.ask(anna, "echo: one")

    first = generation.prompt.messages[0]
    assert first.role is PromptRole.SYSTEM
    assert "translator" in first.text
    assert generation.prompt.temperature == 0.2


async def test_a_blank_question_is_none(talk: Talk, anna: Actor) -> None:
    with pytest.raises(QuestionEmpty):
        await talk.ask(anna, " \n\0")
    assert await talk.scalar("SELECT count(*) FROM conversations") == 0


async def test_what_postgres_cannot_store_is_taken_out(talk: Talk, anna: Actor) -> None:
    generation = await talk.ask(anna, "echo: a\0b\ud83dc")

    assert (await talk.answer(generation)).message.text == "ab?c"


async def test_only_a_user_asks(talk: Talk) -> None:
    with pytest.raises(Forbidden):
        await talk.ask(SYSTEM, "echo: one")


async def test_an_answered_question_is_not_tried_again(talk: Talk, anna: Actor) -> None:
    with pytest.raises(NothingToRetry):
        await talk.try_again(anna)

    await talk.say(anna, "echo: one")

    with pytest.raises(NothingToRetry):
        await talk.try_again(anna)
