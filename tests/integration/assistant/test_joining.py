"""The conversations of two accounts become those of one."""

import pytest
from sqlalchemy import text

from okno.assistant.errors import AnswerInProgress
from okno.assistant.personal_data import AssistantData
from okno.assistant.service.watch import LEASE
from okno.kit.actor import Actor
from okno.kit.db import Engine
from okno.kit.uow import UnitOfWork
from tests.support.talk import Talk


@pytest.fixture
async def web(talk: Talk) -> Actor:
    return await talk.register(7002)


async def join(talk: Talk, source: Actor, target: Actor) -> None:
    uow, belongings = (
        await talk.container.get(UnitOfWork),
        await talk.container.get(AssistantData),
    )
    async with uow.begin():
        await belongings.move(source.require_user(), target.require_user())


async def titles(talk: Talk, actor: Actor) -> set[str]:
    async with talk.conversations() as conversations:
        page = await conversations.list(actor, 0, 100)
    return {conversation.title for conversation in page.items}


async def current(talk: Talk, actor: Actor) -> str | None:
    async with talk.conversations() as conversations:
        view = await conversations.view(actor)
    return None if view.conversation is None else view.conversation.title


async def ask_once(talk: Talk, actor: Actor, key: str, question: str) -> None:
    """Note a question that came with an idempotency key."""
    await talk.say(actor, question)
    async with (await talk.container.get(Engine)).begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO asked_once (user_id, key, fingerprint, question_id, created_at) "
                "SELECT :user, :key, '\\x00', max(id), now() FROM messages WHERE role = 'user'"
            ),
            {"user": actor.user_id, "key": key},
        )


async def test_all_conversations_are_there_and_the_one_at_hand_stays(
    talk: Talk, anna: Actor, web: Actor
) -> None:
    await talk.say(anna, "echo: in telegram")
    await talk.say(web, "echo: on the web")

    await join(talk, anna, web)

    assert await titles(talk, web) == {"echo: in telegram", "echo: on the web"}
    assert await titles(talk, anna) == set()
    assert await current(talk, web) == "echo: on the web"
    await talk.expect_nothing_held()


async def test_who_had_nothing_at_hand_goes_on_where_the_other_was(
    talk: Talk, anna: Actor, web: Actor
) -> None:
    await talk.say(anna, "echo: in telegram")

    await join(talk, anna, web)

    generation = await talk.ask(web, "echo: again")
    assert [message.text for message in generation.prompt.messages[1:]] == [
        "echo: in telegram",
        "in telegram",
        "echo: again",
    ]
    await talk.answer(generation)


async def test_what_was_chosen_stays_and_what_was_not_is_taken_over(
    talk: Talk, anna: Actor, web: Actor
) -> None:
    await (await talk.choices()).choose_model(anna, "yandexgpt-lite")
    await (await talk.choices()).choose_persona(anna, "translator")
    await (await talk.choices()).choose_model(web, "yandexgpt")

    await join(talk, anna, web)

    async with talk.conversations() as conversations:
        view = await conversations.view(web)
    assert (view.model, view.persona) == ("yandexgpt", "translator")


async def test_a_repeat_finds_its_answer_after_the_joining(
    talk: Talk, anna: Actor, web: Actor
) -> None:
    await ask_once(talk, anna, "mine", "echo: one")
    await ask_once(talk, anna, "both", "echo: two")
    await ask_once(talk, web, "both", "echo: three")

    await join(talk, anna, web)

    query = (
        "SELECT string_agg(concat(user_id, key, text), ' ' ORDER BY key) "
        "FROM asked_once JOIN messages ON messages.id = asked_once.question_id"
    )
    assert await talk.scalar(query) == "2bothecho: three 2mineecho: one"
    assert web.user_id == 2


@pytest.mark.parametrize("asker", [0, 1])
async def test_while_an_answer_is_made_nothing_moves(
    talk: Talk, anna: Actor, web: Actor, asker: int
) -> None:
    await talk.say(anna, "echo: in telegram")
    generation = await talk.ask((anna, web)[asker], "echo: running")

    with pytest.raises(AnswerInProgress):
        await join(talk, anna, web)
    assert "echo: in telegram" in await titles(talk, anna)

    await talk.answer(generation)
    await join(talk, anna, web)
    assert "echo: in telegram" in await titles(talk, web)


async def test_an_answer_whose_process_died_is_no_obstacle(
    talk: Talk, anna: Actor, web: Actor
) -> None:
    generation = await talk.ask(anna, "echo: lost")
    talk.clock.ahead += 2 * LEASE

    await join(talk, anna, web)

    assert await talk.question(generation.question_id) == ("failed", "answer-interrupted")
    assert await titles(talk, web) == {"echo: lost"}
    await talk.expect_nothing_held()
