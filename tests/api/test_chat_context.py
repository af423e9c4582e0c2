"""`context` in `POST /api/chat`: used instead of the stored one, and then stored."""

from typing import Any

import pytest

from sandbox.llm import Call, LanguageModelEmulator
from tests.support.api import Api
from tests.support.talking import CHAT, assistant, expect_nothing_held, read_events, say, user

GIVEN = [
    {"role": "system", "content": "You are a window."},
    user("Who are you?"),
    assistant("A window."),
]


def sent(language_models: LanguageModelEmulator) -> list[dict[str, Any]]:
    """Return what the model was asked last, but for the persona."""
    asked = language_models.requests(Call.COMPLETION)[-1]
    return [{"role": str(one.role), "content": one.text} for one in asked.messages[1:]]


async def test_a_given_context_is_used_and_then_stored(
    api: Api, language_models: LanguageModelEmulator
) -> None:
    anna = await api.register()
    await say(api, anna, "echo: Forgotten")
    reply = await say(api, anna, "echo: One", context=GIVEN)
    expected = [*GIVEN, user("echo: One"), assistant("One")]
    assert sent(language_models) == expected[:-1]
    assert reply.body["context"] == expected
    stored = await api.get("/api/context", anna.token, params={"userId": anna.id})
    assert stored.body == {"context": expected}

    reply = await say(api, anna, "echo: Two")
    assert sent(language_models) == [*expected, user("echo: Two")]
    assert reply.body["context"] == [*expected, user("echo: Two"), assistant("Two")]
    await expect_nothing_held(api)


async def test_an_empty_context_begins_anew(
    api: Api, language_models: LanguageModelEmulator
) -> None:
    anna = await api.register()
    await say(api, anna, "echo: Forgotten")
    reply = await say(api, anna, "echo: One", context=[])
    assert sent(language_models) == [user("echo: One")]
    assert reply.body["context"] == [user("echo: One"), assistant("One")]


async def test_null_is_no_context(api: Api, language_models: LanguageModelEmulator) -> None:
    anna = await api.register()
    await say(api, anna, "echo: One")
    await say(api, anna, "echo: Two", context=None)
    assert sent(language_models) == [user("echo: One"), assistant("One"), user("echo: Two")]


async def test_what_was_reset_is_gone(api: Api, language_models: LanguageModelEmulator) -> None:
    anna = await api.register()
    await say(api, anna, "echo: One", context=GIVEN)
    await api.post("/api/context/reset", {"userId": anna.id}, anna.token)
    await say(api, anna, "echo: Two")
    assert sent(language_models) == [user("echo: Two")]


async def test_a_stream_takes_it_too(api: Api, language_models: LanguageModelEmulator) -> None:
    anna = await api.register()
    body = {"userId": anna.id, "message": "echo: One", "context": GIVEN}
    *_, done = await read_events(api, CHAT, body, anna.token)
    assert sent(language_models) == [*GIVEN, user("echo: One")]
    assert done.data["context"] == [*GIVEN, user("echo: One"), assistant("One")]


async def test_the_longest_context_is_taken(
    api: Api, language_models: LanguageModelEmulator
) -> None:
    anna = await api.register()
    context = [user("x" * 1000), assistant("y" * 1000)] * 200
    reply = await say(api, anna, "echo: One", context=context)
    assert (reply.status, reply.body["message"]) == (200, "One")
    assert len(sent(language_models)) < len(context), "the model takes less"


@pytest.mark.parametrize(
    "context",
    [
        [assistant("Only me.")],
        [user("One"), user("Two"), user("Three")],
        [assistant("One"), {"role": "system", "content": "Two"}, assistant("Three")],
    ],
)
async def test_any_order_of_roles_is_taken(
    api: Api, language_models: LanguageModelEmulator, context: list[dict[str, str]]
) -> None:
    anna = await api.register()
    reply = await say(api, anna, "echo: One", context=context)
    assert reply.status == 200
    assert sent(language_models) == [*context, user("echo: One")]


async def test_what_says_nothing_is_left_out(
    api: Api, language_models: LanguageModelEmulator
) -> None:
    anna = await api.register()
    given = [user("Hello"), assistant(""), user("\0"), assistant(" \n")]
    reply = await say(api, anna, "echo: One", context=given)
    assert sent(language_models) == [user("Hello"), user("echo: One")]
    assert reply.body["context"] == [user("Hello"), user("echo: One"), assistant("One")]
