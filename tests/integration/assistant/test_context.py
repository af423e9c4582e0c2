"""The context window: it outlives processes and Redis, is cut to what fits, and can be reset."""

import asyncio

import pytest
import structlog

from okno.assistant import cache
from okno.assistant.errors import QuestionTooLong
from okno.assistant.service import watch
from okno.assistant.service.watch import LEASE
from okno.kit.actor import Actor
from okno.kit.redis import Redis
from okno.kit.settings import RedisSettings, Settings
from sandbox.llm import Call, LanguageModelEmulator
from tests.support.talk import Talk

WORDS = "echo: " + "word " * 20


def said(models: LanguageModelEmulator) -> list[str]:
    """Return the newest prompt, without that of the persona."""
    messages = models.requests(Call.COMPLETION)[-1].messages
    return [message.text for message in messages if message.role != "system"]


async def test_memory_survives_a_restart(
    settings: Settings, talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    await talk.say(anna, "echo: one")
    restarted = Talk(settings)

    await restarted.say(anna, "echo: two")

    assert said(language_models) == ["echo: one", "one", "echo: two"]
    await restarted.close()


async def test_memory_survives_a_lost_redis(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    await talk.say(anna, "echo: one")
    await talk.say(anna, "echo: two")
    await talk.forget_redis()

    await talk.say(anna, "echo: three")

    assert said(language_models) == ["echo: one", "one", "echo: two", "two", "echo: three"]


async def test_without_redis_everything_works_and_is_logged(
    settings: Settings, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    dead = settings[RedisSettings].model_copy(update={"host": "127.0.0.1", "port": 1})
    talk = Talk(settings.replaced(dead))

    with structlog.testing.capture_logs() as logs:
        await talk.say(anna, "echo: one")
        await talk.say(anna, "echo: two")

    assert said(language_models) == ["echo: one", "one", "echo: two"]
    events = {entry["event"] for entry in logs}
    assert {"context not read", "context not kept"} <= events
    await talk.close()


@pytest.mark.slow
async def test_a_redis_that_hangs_costs_a_moment(
    settings: Settings, anna: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "_TIMEOUT_SECONDS", 0.05)
    monkeypatch.setattr(watch, "_REDIS_TIMEOUT_SECONDS", 0.05)
    over = asyncio.Event()

    async def be_silent(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await over.wait()
        writer.close()

    async with await asyncio.start_server(be_silent, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        silent = settings[RedisSettings].model_copy(
            update={"host": "127.0.0.1", "port": port, "timeout_seconds": 0.5}
        )
        talk = Talk(settings.replaced(silent))

        await talk.say(anna, "echo: one")
        assert (await talk.say(anna, "echo: two")).text == "two"

        await talk.close()
        over.set()


async def test_a_redis_that_refuses_to_write_fails_nothing(talk: Talk, anna: Actor) -> None:
    redis = await talk.container.get(Redis)
    await redis.config_set("maxmemory", 1)
    try:
        assert (await talk.say(anna, "echo: one")).text == "one"
    finally:
        await redis.config_set("maxmemory", 0)


async def test_a_window_that_redis_kept_from_before_an_outage_is_not_believed(
    settings: Settings, talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    await talk.say(anna, "echo: one")
    dead = settings[RedisSettings].model_copy(update={"host": "127.0.0.1", "port": 1})
    cut_off = Talk(settings.replaced(dead))
    await cut_off.say(anna, "echo: two")
    await cut_off.close()

    await talk.say(anna, "echo: three")

    assert said(language_models) == ["echo: one", "one", "echo: two", "two", "echo: three"]


async def test_what_another_release_left_in_redis_is_rebuilt(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    generation = await talk.ask(anna, "echo: one")
    await talk.follow(generation)
    redis = await talk.container.get(Redis)
    (key,) = [key async for key in redis.scan_iter("okno:question-context:*")]
    for strange in ('{"messages": [{"who": "x"}]}', "[]", "no JSON", '{"of": "another"}'):
        await redis.set(key, strange)
        await talk.say(anna, "echo: two")
        assert said(language_models)[:2] == ["echo: one", "one"]


async def test_a_failed_question_is_not_remembered(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    await talk.say(anna, "echo: one")
    await talk.ask(anna, "echo: lost")
    talk.clock.ahead += 2 * LEASE
    await talk.say(anna, "echo: two")

    assert said(language_models) == ["echo: one", "one", "echo: two"]


async def test_the_oldest_exchanges_are_dropped_whole_and_this_is_told_once(
    narrow: Talk, language_models: LanguageModelEmulator
) -> None:
    anna = await narrow.register()
    told = []
    for _round in range(6):
        generation = await narrow.ask(anna, WORDS)
        await narrow.answer(generation)
        told.append(generation.tell_context_cut)

    last = language_models.requests(Call.COMPLETION)[-1]
    assert 1 < len(last.messages) < 12
    assert last.input_tokens + 100 <= 400
    assert last.messages[1].role == "user", "an answer without its question"
    assert sum(told) == 1
    assert not told[0]
    assert await narrow.scalar("SELECT count(*) FROM messages") == 12


async def test_what_was_cut_is_told_with_the_first_answer_that_arrives(narrow: Talk) -> None:
    anna = await narrow.register()
    while not (generation := await narrow.ask(anna, WORDS)).tell_context_cut:
        await narrow.answer(generation)
    narrow.clock.ahead += 2 * LEASE
    await narrow.end_abandoned()

    again = await narrow.try_again(anna)

    assert again.tell_context_cut
    await narrow.answer(again)
    assert not (await narrow.ask(anna, WORDS)).tell_context_cut


async def test_a_question_that_no_room_is_left_for_is_refused(narrow: Talk) -> None:
    anna = await narrow.register()

    with pytest.raises(QuestionTooLong):
        await narrow.ask(anna, "word " * 400)
    assert await narrow.scalar("SELECT count(*) FROM conversations") == 0


async def test_before_a_long_question_is_refused_it_is_counted(
    narrow: Talk, language_models: LanguageModelEmulator
) -> None:
    """The bound would refuse this one: the provider counts long words in few tokens."""
    anna = await narrow.register()

    generation = await narrow.ask(anna, "echo: " + "extraordinary " * 45)

    assert len(language_models.requests(Call.TOKENIZE)) == 1
    assert (await narrow.answer(generation)).message.text.startswith("extraordinary")


async def test_a_reset_begins_a_new_window_and_keeps_the_history(
    talk: Talk, anna: Actor, language_models: LanguageModelEmulator
) -> None:
    first = await talk.ask(anna, "echo: one")
    await talk.answer(first)
    async with talk.conversations() as conversations:
        await (await talk.choices()).reset_context(anna)
        assert (await conversations.view(anna)).is_context_empty

    second = await talk.ask(anna, "echo: two")
    await talk.answer(second)
    third = await talk.ask(anna, "echo: three")
    await talk.answer(third)

    assert second.conversation_id == first.conversation_id
    assert said(language_models) == ["echo: two", "two", "echo: three"]
    async with talk.conversations() as conversations:
        page = await conversations.exchanges(anna, first.conversation_id, 0, 10)
    assert [exchange.question.text for exchange in page.items] == [
        "echo: one",
        "echo: two",
        "echo: three",
    ]


async def test_tokens_that_were_billed_are_not_bounded_again(talk: Talk, anna: Actor) -> None:
    """The bill of the last prompt bounds the cost of the next one."""
    await talk.say(anna, "echo: " + "слово " * 200)
    second = await talk.ask(anna, "echo: one")
    answered = await talk.answer(second)

    held = await talk.ask(anna, "echo: one")
    bound = await talk.scalar("SELECT held FROM balances") - held.prompt.max_tokens
    exact = (await talk.answer(held)).usage.input_tokens

    assert answered.usage.input_tokens < exact <= bound <= exact + 50


async def test_the_counts_outlive_redis(talk: Talk, anna: Actor) -> None:
    for text in ("one", "two", "three"):
        await talk.say(anna, f"echo: {text}")
    counts = "SELECT array_agg(input_tokens ORDER BY id) FROM messages WHERE role = 'user'"

    first, *later = await talk.scalar(counts)

    assert first is None, "the persona's prompt is in that count"
    assert all(0 < count < 30 for count in later)
