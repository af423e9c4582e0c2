"""Contexts that a client gives: put in the place of the past, kept, grown by answers."""

import pytest

from okno.assistant.errors import AnswerInProgress, ContextNotFound, ContextTooLong
from okno.assistant.service import windows
from okno.kit.actor import Actor
from okno.llm.dto import PromptMessage, PromptRole
from sandbox.llm import Call, LanguageModelEmulator
from tests.support.talk import Talk

GIVEN = (
    PromptMessage(PromptRole.ASSISTANT, "Where were we?"),
    PromptMessage(PromptRole.SYSTEM, "They like brevity."),
    PromptMessage(PromptRole.USER, "At the beginning."),
)
GIVEN_TEXTS = ["Where were we?", "They like brevity.", "At the beginning."]


def sent(models: LanguageModelEmulator) -> list[str]:
    """Return the newest prompt, without that of the persona."""
    return [message.text for message in models.requests(Call.COMPLETION)[-1].messages[1:]]


async def context(talk: Talk, actor: Actor) -> list[str]:
    async with talk.conversations() as conversations:
        return [message.text for message in await conversations.context(actor)]


async def replace(talk: Talk, actor: Actor, *messages: PromptMessage) -> None:
    await (await talk.choices()).replace_context(actor, messages)


async def test_a_context_that_comes_with_the_question_is_used_instead_and_kept(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    await talk.say(anna, "echo: one")
    answered = await talk.answer(await talk.ask(anna, "echo: two", context=GIVEN))
    assert sent(language_models) == [*GIVEN_TEXTS, "echo: two"]
    assert [one.text for one in answered.context] == [*GIVEN_TEXTS, "echo: two", "two"]

    await talk.say(anna, "echo: three")

    assert sent(language_models) == [*GIVEN_TEXTS, "echo: two", "two", "echo: three"]
    assert await context(talk, anna) == [*sent(language_models), "three"]
    assert await talk.scalar("SELECT count(*) FROM conversations") == 1


async def test_it_survives_a_lost_redis(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    await talk.answer(await talk.ask(anna, "echo: one", context=GIVEN))
    await talk.forget_redis()

    await talk.say(anna, "echo: two")

    assert sent(language_models) == [*GIVEN_TEXTS, "echo: one", "one", "echo: two"]


async def test_an_empty_context_forgets_the_past(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    await talk.say(anna, "echo: one")

    await talk.answer(await talk.ask(anna, "echo: two", context=()))

    assert sent(language_models) == ["echo: two"]
    assert await context(talk, anna) == ["echo: two", "two"]


async def test_a_context_can_be_put_before_the_first_question(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    await replace(talk, anna, *GIVEN)
    assert await context(talk, anna) == GIVEN_TEXTS
    async with talk.conversations() as conversations:
        view = await conversations.view(anna)
    assert view.conversation is not None
    assert view.conversation.title == "At the beginning."
    assert not view.is_context_empty

    await talk.say(anna, "echo: one")

    assert sent(language_models) == [*GIVEN_TEXTS, "echo: one"]
    assert await talk.scalar("SELECT count(*) FROM conversations") == 1


async def test_the_context_that_was_put_last_counts(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    """Nothing was said in between, so only the revision tells the two apart."""
    await talk.say(anna, "echo: one")
    await replace(talk, anna, *GIVEN)
    await replace(talk, anna, GIVEN[2])

    await talk.say(anna, "echo: two")

    assert sent(language_models) == ["At the beginning.", "echo: two"]


async def test_a_reset_forgets_what_was_given(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    await talk.answer(await talk.ask(anna, "echo: one", context=GIVEN))
    async with talk.conversations() as conversations:
        await (await talk.choices()).reset_context(anna)
        assert (await conversations.view(anna)).is_context_empty
        with pytest.raises(ContextNotFound):
            await conversations.context(anna)

    await talk.say(anna, "echo: two")

    assert sent(language_models) == ["echo: two"]


async def test_who_has_said_nothing_has_no_context(talk: Talk, anna: Actor) -> None:
    async with talk.conversations() as conversations:
        await (await talk.choices()).reset_context(anna)
        with pytest.raises(ContextNotFound):
            await conversations.context(anna)
    assert await talk.scalar("SELECT count(*) FROM conversations") == 0


async def test_what_was_given_is_cut_before_what_was_said(narrow: Talk) -> None:
    anna = await narrow.register()
    given = [PromptMessage(PromptRole.USER, "word " * 30) for _ in range(4)]

    generation = await narrow.ask(anna, "echo: one", context=given)

    assert generation.tell_context_cut
    assert 0 < generation.context.window.given < 4
    await narrow.answer(generation)
    following = await narrow.ask(anna, "echo: two")
    assert [one.text for one in following.context.window.said][-2:] == ["echo: one", "one"]
    assert not following.tell_context_cut


async def test_a_context_has_its_limits(
    talk: Talk, anna: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = PromptMessage(PromptRole.USER, "x" * 10)
    with pytest.raises(ContextTooLong):
        await talk.ask(anna, "echo: one", context=[one] * (windows.MAX_GIVEN_MESSAGES + 1))
    monkeypatch.setattr(windows, "MAX_GIVEN_CHARACTERS", 19)
    with pytest.raises(ContextTooLong):
        await replace(talk, anna, one, one)
    await replace(talk, anna, one)


async def test_what_postgres_cannot_store_is_taken_out(talk: Talk, anna: Actor) -> None:
    await replace(talk, anna, PromptMessage(PromptRole.USER, "a\0b\ud83dc"))

    assert await context(talk, anna) == ["ab?c"]


async def test_while_an_answer_is_made_the_context_stays(talk: Talk, anna: Actor) -> None:
    generation = await talk.ask(anna, "echo: one")

    with pytest.raises(AnswerInProgress):
        await replace(talk, anna, *GIVEN)

    await talk.answer(generation)
    assert await context(talk, anna) == ["echo: one", "one"]
