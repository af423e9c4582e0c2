"""Conversations: what the windows show of them, and what their owner can do with them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest

from okno.assistant.dto import Message, MessageStatus
from okno.assistant.errors import (
    AnswerInProgress,
    ChoiceNotOffered,
    ConversationNotFound,
    TitleEmpty,
)
from okno.assistant.service import ChoicesService, ConversationsService
from okno.kit.actor import SYSTEM, Actor, Forbidden
from sandbox.llm import Fault, FaultKind, LanguageModelEmulator
from tests.support.talk import Talk

UseCase = Callable[[ConversationsService, ChoicesService, Actor, int], Coroutine[Any, Any, object]]

ON_ONE: dict[str, UseCase] = {
    "get": lambda service, _, actor, number: service.get(actor, number),
    "exchanges": lambda service, _, actor, number: service.exchanges(actor, number, 0, 5),
    "open": lambda _, choices, actor, number: choices.open(actor, number),
    "rename": lambda service, _, actor, number: service.rename(actor, number, "Mine now"),
    "delete": lambda service, _, actor, number: service.delete(actor, number),
    "export": lambda service, _, actor, number: service.export(actor, number),
}
WHILE_ANSWERING: dict[str, UseCase] = {
    "new": lambda _, choices, actor, _number: choices.new(actor),
    "reset_context": lambda _, choices, actor, _number: choices.reset_context(actor),
    "open": lambda _, choices, actor, number: choices.open(actor, number),
    "delete": lambda service, _, actor, number: service.delete(actor, number),
}


@pytest.fixture
async def conversations(talk: Talk) -> AsyncIterator[ConversationsService]:
    async with talk.conversations() as service:
        yield service


async def test_a_newcomer_has_nothing_at_hand(
    conversations: ConversationsService, anna: Actor
) -> None:
    view = await conversations.view(anna)

    assert (view.conversation, view.question, view.answer) == (None, None, None)
    assert not view.is_running
    assert view.is_context_empty
    assert (view.model, view.persona) == ("yandexgpt-lite", "general")
    assert (await conversations.list(anna, 0, 5)).total == 0


async def test_the_conversation_at_hand_is_shown_with_its_last_exchange(
    talk: Talk, conversations: ConversationsService, anna: Actor
) -> None:
    await talk.say(anna, "echo: one")
    generation = await talk.ask(anna, "echo: two")

    running = await conversations.view(anna)
    await talk.answer(generation)
    done = await conversations.view(anna)

    assert running.is_running
    assert running.question is not None
    assert (running.question.text, running.question.status) == ("echo: two", "pending")
    assert running.answer is None
    assert not done.is_running
    assert not done.is_context_empty
    assert done.answer is not None
    assert done.answer.text == "two"
    assert done.conversation is not None
    assert done.conversation.title == "echo: one"


async def test_a_failed_question_is_shown_with_its_reason(
    talk: Talk,
    conversations: ConversationsService,
    anna: Actor,
    language_models: LanguageModelEmulator,
) -> None:
    language_models.add_fault(Fault(FaultKind.CONTENT_FILTER))
    with pytest.raises(Exception, match="answer-filtered"):
        await talk.say(anna, "echo: one")

    view = await conversations.view(anna)

    assert view.question is not None
    assert (view.question.status, view.question.failure) == ("failed", "answer-filtered")
    assert view.answer is None


async def test_a_new_conversation_begins_with_the_next_question(
    talk: Talk, conversations: ConversationsService, anna: Actor
) -> None:
    await talk.say(anna, "echo: one")
    await (await talk.choices()).new(anna)
    assert (await conversations.view(anna)).conversation is None
    assert (await conversations.list(anna, 0, 5)).total == 1

    await talk.say(anna, "echo: two")

    titles = [one.title for one in (await conversations.list(anna, 0, 5)).items]
    assert titles == ["echo: two", "echo: one"]


async def test_an_old_conversation_is_continued_with_its_model_and_memory(
    talk: Talk, conversations: ConversationsService, anna: Actor
) -> None:
    await (await talk.choices()).choose_model(anna, "yandexgpt")
    first = await talk.ask(anna, "echo: one")
    await talk.answer(first)
    await (await talk.choices()).new(anna)
    await (await talk.choices()).choose_model(anna, "yandexgpt-lite")
    await talk.say(anna, "echo: two")

    await (await talk.choices()).open(anna, first.conversation_id)
    assert (await conversations.view(anna)).model == "yandexgpt"
    again = await talk.ask(anna, "echo: three")

    assert again.prompt.model.id == "yandexgpt"
    said = [message.text for message in again.prompt.messages[1:]]
    assert said == ["echo: one", "one", "echo: three"]


async def test_choices_are_for_now_and_for_what_comes(
    talk: Talk, conversations: ConversationsService, anna: Actor
) -> None:
    await (await talk.choices()).choose_persona(anna, "editor")
    await talk.say(anna, "echo: one")
    await (await talk.choices()).choose_persona(anna, "reviewer")
    assert (await conversations.view(anna)).persona == "reviewer"

    await (await talk.choices()).new(anna)

    assert (await conversations.view(anna)).persona == "reviewer"
    with pytest.raises(ChoiceNotOffered):
        await (await talk.choices()).choose_persona(anna, "pirate")
    with pytest.raises(ChoiceNotOffered):
        await (await talk.choices()).choose_model(anna, "gpt-9")


async def test_the_history_is_paged_and_a_page_beyond_the_end_is_the_last(
    talk: Talk, conversations: ConversationsService, anna: Actor
) -> None:
    for number in range(5):
        await (await talk.choices()).new(anna)
        await talk.ask(anna, f"echo: {number}")
        talk.clock.ahead += timedelta(minutes=1)

    pages = [await conversations.list(anna, number, 2) for number in (0, 1, 2, 9**18, -1)]

    titles = [[one.title for one in page.items] for page in pages]
    assert titles[:3] == [["echo: 4", "echo: 3"], ["echo: 2", "echo: 1"], ["echo: 0"]]
    assert titles[3:] == [["echo: 0"], ["echo: 4", "echo: 3"]]
    assert [page.number for page in pages] == [0, 1, 2, 2, 0]
    assert pages[0].count == 3


async def test_exchanges_are_paged_in_their_order(
    talk: Talk,
    conversations: ConversationsService,
    anna: Actor,
    language_models: LanguageModelEmulator,
) -> None:
    first = await talk.ask(anna, "echo: one")
    await talk.answer(first)
    language_models.add_fault(Fault(FaultKind.CONTENT_FILTER))
    with pytest.raises(Exception, match="answer-filtered"):
        await talk.say(anna, "echo: two")
    await talk.say(anna, "echo: three")

    page = await conversations.exchanges(anna, first.conversation_id, 0, 2)
    last = await conversations.exchanges(anna, first.conversation_id, 99, 2)

    shown = [
        (exchange.question.text, exchange.answer and exchange.answer.text)
        for exchange in (*page.items, *last.items)
    ]
    assert shown == [("echo: one", "one"), ("echo: two", None), ("echo: three", "three")]
    assert (page.total, last.number) == (3, 1)


async def test_an_export_holds_everything_in_its_order(
    talk: Talk, conversations: ConversationsService, anna: Actor
) -> None:
    first = await talk.ask(anna, "echo: one")
    await talk.answer(first)
    await (await talk.choices()).reset_context(anna)
    await talk.say(anna, "echo: two")

    export = await conversations.export(anna, first.conversation_id)

    assert export.title == "echo: one"
    assert [(one.role, one.text) for one in export.messages] == [
        ("user", "echo: one"),
        ("assistant", "one"),
        ("user", "echo: two"),
        ("assistant", "two"),
    ]
    assert {one.status for one in export.messages} == {MessageStatus.DONE}


async def test_a_title_is_one_line_that_can_be_seen(
    talk: Talk, conversations: ConversationsService, anna: Actor
) -> None:
    number = (await talk.ask(anna, "echo: one")).conversation_id

    renamed = await conversations.rename(anna, number, "  My\n title\0 ")
    assert renamed.title == "My title"
    assert len((await conversations.rename(anna, number, "ж" * 500)).title) == 100
    with pytest.raises(TitleEmpty):
        await conversations.rename(anna, number, " \n\0")


async def test_a_deleted_conversation_is_gone_and_a_new_one_begins(
    talk: Talk, conversations: ConversationsService, anna: Actor
) -> None:
    generation = await talk.ask(anna, "echo: one")
    await talk.answer(generation)

    await conversations.delete(anna, generation.conversation_id)

    assert (await conversations.view(anna)).conversation is None
    assert await talk.scalar("SELECT count(*) FROM messages") == 0
    assert await talk.scalar("SELECT used_total FROM balances") > 0
    with pytest.raises(ConversationNotFound):
        await conversations.delete(anna, generation.conversation_id)


@pytest.mark.parametrize("use_case", ON_ONE.values(), ids=ON_ONE)
async def test_conversations_of_others_and_of_nobody_are_not_found(
    talk: Talk, conversations: ConversationsService, anna: Actor, use_case: UseCase
) -> None:
    foreign = (await talk.ask(await talk.register(7002), "echo: secret")).conversation_id

    for number in (foreign, foreign + 1, 0, -1, 2**63 - 1, 2**63, 10**30):
        with pytest.raises(ConversationNotFound):
            await use_case(conversations, await talk.choices(), anna, number)

    assert await talk.scalar("SELECT title FROM conversations") == "echo: secret"


@pytest.mark.parametrize("use_case", WHILE_ANSWERING.values(), ids=WHILE_ANSWERING)
async def test_while_an_answer_is_made_what_is_at_hand_stays(
    talk: Talk, conversations: ConversationsService, anna: Actor, use_case: UseCase
) -> None:
    generation = await talk.ask(anna, "echo: one")

    with pytest.raises(AnswerInProgress):
        await use_case(conversations, await talk.choices(), anna, generation.conversation_id)

    await talk.answer(generation)
    await use_case(conversations, await talk.choices(), anna, generation.conversation_id)
    await talk.expect_nothing_held()


async def test_a_conversation_that_a_dead_process_left_can_be_deleted(
    talk: Talk, conversations: ConversationsService, anna: Actor
) -> None:
    generation = await talk.ask(anna, "echo: one")
    talk.clock.ahead += timedelta(minutes=1)

    await conversations.delete(anna, generation.conversation_id)

    await talk.expect_nothing_held()


async def test_what_nobody_touched_for_long_is_deleted(
    talk: Talk, conversations: ConversationsService, anna: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("okno.assistant.service.housekeeping._MAX_DELETED_AT_ONCE", 2)
    for number in range(5):
        await (await talk.choices()).new(anna)
        await talk.say(anna, f"echo: {number}")
    talk.clock.ahead += timedelta(days=8)
    await (await talk.choices()).new(anna)
    await talk.say(anna, "echo: fresh")

    assert await (await talk.housekeeping()).delete_untouched(SYSTEM, 0) == 0
    assert await (await talk.housekeeping()).delete_untouched(SYSTEM, 9) == 0
    assert await (await talk.housekeeping()).delete_untouched(SYSTEM, 7) == 5
    assert [one.title for one in (await conversations.list(anna, 0, 9)).items] == ["echo: fresh"]
    with pytest.raises(Forbidden):
        await (await talk.housekeeping()).delete_untouched(anna, 7)


async def test_what_is_being_answered_is_not_deleted(
    talk: Talk, conversations: ConversationsService, anna: Actor
) -> None:
    generation = await talk.ask(anna, "echo: one")
    talk.clock.ahead += timedelta(days=8)

    assert await (await talk.housekeeping()).delete_untouched(SYSTEM, 7) == 0
    assert (await talk.answer(generation)).message.text == "one"


async def test_retention_and_questions_at_once_block_nobody(
    talk: Talk,
) -> None:
    """A question locks the preferences, then its conversation, and so does the deletion."""
    housekeeping = await talk.housekeeping()
    actors = [await talk.register(8000 + number) for number in range(20)]
    await asyncio.gather(*(talk.say(actor, "echo: old") for actor in actors))
    for days in range(8, 48, 8):
        talk.clock.ahead = timedelta(days=days)

        outcomes = await asyncio.gather(
            *(talk.say(actor, "echo: new") for actor in actors[:10]),
            housekeeping.delete_untouched(SYSTEM, 7),
            *(talk.say(actor, "echo: new") for actor in actors[10:]),
        )

        assert [one.text for one in outcomes if isinstance(one, Message)] == ["new"] * 20
    await talk.expect_nothing_held()


async def test_dialogs_are_ones_own_each_with_its_end(
    talk: Talk, conversations: ConversationsService, anna: Actor
) -> None:
    boris = await talk.register(7002)
    for question in ("echo: one", "echo: two"):
        await talk.say(anna, question)
    await (await talk.choices()).new(anna)
    await talk.say(anna, "echo: three")
    await talk.say(boris, "echo: four")

    newest, oldest = (await conversations.excerpts(anna, 0, 5)).items

    assert newest.conversation == (await conversations.list(anna, 0, 1)).items[0]
    for dialog in (newest, oldest):
        all_of_it = await conversations.exchanges(anna, dialog.conversation.id, 0, 5)
        assert dialog.exchanges == all_of_it.items
    assert [exchange.question.text for exchange in oldest.exchanges] == ["echo: one", "echo: two"]
