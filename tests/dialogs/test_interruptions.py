"""Answers that ended with their process: their users are told and can go on."""

from collections.abc import AsyncIterator

import pytest

from okno.accounts.service import AccountsService
from okno.assistant.dto import Generation, Interrupted
from okno.assistant.service import AbandonedGenerations, ConversationsService, QuestionsService
from okno.kit.nursery import Nursery
from okno.kit.wakeups import Wakeups
from tests.support.person import Person
from tests.support.stage import Stage
from tests.support.wait import until
from tgbot.interruptions import INTERVAL_SECONDS, InterruptionWatcher


@pytest.fixture
async def anna(stage: Stage) -> Person:
    person = stage.person("Anna")
    await person.register()
    return person


async def left_behind(stage: Stage, person: Person, question: str = "echo: hello") -> Generation:
    """Ask as a process does that dies before it gets to the answer."""
    account = await (await stage.container.get(AccountsService)).find(person.id)
    assert account is not None
    generation = await (await stage.container.get(QuestionsService)).ask(account.actor, question)
    await stage.execute("UPDATE generations SET lease_until = now() - interval '1 second'")
    return generation


async def interruptions(stage: Stage, interval: float = INTERVAL_SECONDS) -> InterruptionWatcher:
    return InterruptionWatcher(
        await stage.container.get(AccountsService),
        await stage.container.get(AbandonedGenerations),
        await stage.container.get(ConversationsService),
        await stage.container.get(Wakeups),
        stage.bot,
        stage.dispatcher["windows"],
        interval,
    )


async def test_who_was_left_is_told_once_and_can_try_again(stage: Stage, anna: Person) -> None:
    await left_behind(stage, anna)
    watch = await interruptions(stage)

    await watch.look()
    count = len(anna.messages)
    await watch.look()

    assert "I was restarted while I was writing the answer." in anna.window["text"]
    assert len(anna.messages) == count
    assert await stage.scalar("SELECT held FROM balances") == 0
    await anna.press("🔁 Try again")
    await stage.answered()
    assert anna.window["text"] == "hello"


async def test_who_has_asked_again_is_not_told_of_the_past(stage: Stage, anna: Person) -> None:
    await left_behind(stage, anna)
    await anna.ask("echo: something else")
    count = len(anna.messages)

    await (await interruptions(stage)).look()

    assert len(anna.messages) == count


async def test_who_asks_again_at_that_very_moment_is_not_told(stage: Stage, anna: Person) -> None:
    await anna.ask("echo: something else")
    count = len(anna.messages)

    await (await interruptions(stage)).handle(await last_question(stage, minus=1))

    assert len(anna.messages) == count


async def test_an_answer_that_was_stored_and_never_shown_is_sent_whole(
    stage: Stage, anna: Person
) -> None:
    await anna.ask("Write 1200 words")
    shown = [message["text"] for message in anna.messages if message["author"] == "bot"]
    parts = shown[1:]
    assert len(parts) > 1

    await (await interruptions(stage)).handle(await last_question(stage))

    shown = [message["text"] for message in anna.messages if message["author"] == "bot"]
    assert shown[1:] == parts * 2
    assert "✨ New" in anna.labels


async def last_question(stage: Stage, *, minus: int = 0) -> Interrupted:
    question = await stage.scalar("SELECT max(id) FROM messages WHERE role = 'user'")
    return Interrupted(user_id=1, conversation_id=1, question_id=question - minus)


async def test_who_blocked_the_bot_does_not_stop_the_others(stage: Stage, anna: Person) -> None:
    stage.expect_refusals(403)
    boris = stage.person("Boris")
    await boris.register()
    await left_behind(stage, anna)
    await left_behind(stage, boris)
    stage.emulator.block(anna.id)
    await stage.settle()

    await (await interruptions(stage)).look()

    assert "I was restarted" in boris.window["text"]


async def test_a_deleted_account_is_passed_over(stage: Stage, anna: Person) -> None:
    await left_behind(stage, anna)
    await stage.execute("TRUNCATE users CASCADE")
    count = len(anna.messages)

    await (await interruptions(stage)).look()

    assert len(anna.messages) == count


@pytest.fixture
async def nursery() -> AsyncIterator[Nursery]:
    nursery = Nursery(grace=5)
    yield nursery
    await nursery.close()


async def test_the_watch_looks_at_its_start_and_ends_at_once(
    stage: Stage, anna: Person, nursery: Nursery
) -> None:
    await left_behind(stage, anna)

    async with (await interruptions(stage)).running(nursery):
        await until(lambda: "I was restarted" in anna.window["text"], "the word to the user")

    await until(lambda: len(nursery) == 0, "the end of the watch", timeout=2)


async def test_the_watch_survives_an_outage(stage: Stage, anna: Person, nursery: Nursery) -> None:
    await left_behind(stage, anna)
    await stage.execute("ALTER TABLE generations RENAME TO generations_away")

    try:
        async with (await interruptions(stage, interval=0.01)).running(nursery):
            await stage.execute("SELECT pg_sleep(0.1)")
            await stage.execute("ALTER TABLE generations_away RENAME TO generations")
            await until(lambda: "I was restarted" in anna.window["text"], "the word to the user")
    finally:
        await stage.execute("ALTER TABLE IF EXISTS generations_away RENAME TO generations")
