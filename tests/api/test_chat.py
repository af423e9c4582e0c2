"""`POST /api/chat`: a question, its answer, what it costs, and who may ask."""

import asyncio
from decimal import Decimal

import pytest

from okno.accounts.scopes import USERS as USERS_SCOPE
from okno.assistant.dto import MessageStatus
from okno.assistant.scopes import CHAT as CHAT_SCOPE
from sandbox.llm import Call, Fault, FaultKind, LanguageModelEmulator
from tests.support.api import Api
from tests.support.talking import (
    CHAT,
    assistant,
    balance_of,
    chat_of,
    expect_nothing_held,
    leave_units,
    rows,
    say,
    scalar,
    user,
)
from tests.support.wait import until


async def test_an_answer_comes_with_its_context_and_its_price(api: Api) -> None:
    anna = await api.register()
    before = await balance_of(api, anna)

    reply = await say(api, anna, "echo: One")

    after = await balance_of(api, anna)
    assert reply.status == 200
    assert reply.body == {
        "message": "One",
        "context": [user("echo: One"), assistant("One")],
        "tokensUsed": before.balance - after.balance,
    }
    assert reply.body["tokensUsed"] == after.used_total > 0
    await expect_nothing_held(api)


async def test_what_was_said_before_goes_before_the_next_question(
    api: Api, language_models: LanguageModelEmulator
) -> None:
    anna = await api.register()
    await say(api, anna, "echo: One")
    reply = await say(api, anna, "echo: Two")
    said = [user("echo: One"), assistant("One"), user("echo: Two"), assistant("Two")]
    assert reply.body["context"] == said
    asked = language_models.requests(Call.COMPLETION)[-1].messages
    assert str(asked[0].role) == "system"
    assert [{"role": one.role, "content": one.text} for one in asked[1:]] == said[:3]


async def test_it_is_the_conversation_that_the_bot_shows(api: Api) -> None:
    anna = await api.register()
    await say(api, anna, "echo: One")
    chat = await chat_of(api, anna)
    assert chat.conversation is not None
    assert chat.conversation.title == "echo: One"
    assert chat.question is not None
    assert chat.question.text == "echo: One"
    assert chat.answer is not None
    assert (chat.answer.text, chat.answer.status) == ("One", MessageStatus.DONE)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"message": "Hello"},
        {"userId": "1"},
        {"userId": 1, "message": "Hello"},
        {"userId": "one", "message": "Hello"},
        {"userId": "1", "message": 5},
        {"userId": "1", "message": ""},
        {"userId": "1", "message": "x" * 100_001},
        {"userId": "1", "message": "Hello", "stream": "yes"},
        {"userId": "1", "message": "Hello", "context": "none"},
        {"userId": "1", "message": "Hello", "context": [{"role": "tool", "content": ""}]},
        {"userId": "1", "message": "Hello", "context": [user("x")] * 401},
        {"userId": "1", "message": "Hello", "context": [user("x" * 300_000)] * 2},
        [],
        "Hello",
    ],
)
async def test_wrong_parameters_are_400(api: Api, body: object) -> None:
    anna = await api.register()
    assert anna.id == "1"
    reply = await api.post(CHAT, body, anna.token)
    assert reply.status == 400, reply.body
    assert reply.code in {"request-invalid", "context-too-long"}


async def test_a_question_without_a_visible_letter_is_400(api: Api) -> None:
    anna = await api.register()
    reply = await say(api, anna, " \n\t\0 ")
    assert (reply.status, reply.code) == (400, "question-empty")


def raw_body(context: bytes) -> bytes:
    return (
        b'{"userId": "1", "message": "a", "context": [{"role": "user", "content": "%b"}]}' % context
    )


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (rb'{"userId": "1", "message": "echo: a\u0000b"}', 200),
        (rb'{"userId": "1", "message": "echo: a\ud83d"}', 400),
        (raw_body(rb"\udc00"), 400),
        (raw_body(rb"\u0000"), 200),
        (b'{"userId": "1", "message": "\xff"}', 400),
        (b'{"userId": "1", "message": "a', 400),
        (b"[" * 100_000, 400),
        (b'{"userId": "1", "message": ' + b"9" * 5000 + b"}", 400),
        (b"", 400),
    ],
)
async def test_strange_letters_are_no_fault_of_ours(api: Api, raw: bytes, status: int) -> None:
    anna = await api.register()
    reply = await api.request(
        "POST",
        CHAT,
        token=anna.token,
        data=raw,
        headers={"Content-Type": "application/json"},
    )
    assert reply.status == status, reply.body
    await expect_nothing_held(api)


async def test_a_nul_is_left_out(api: Api) -> None:
    anna = await api.register()
    reply = await say(api, anna, "echo: a\0b")
    assert reply.body["message"] == "ab"


async def test_nobody_asks_without_a_token(api: Api) -> None:
    reply = await api.post(CHAT, {"userId": "1", "message": "Hello"})
    assert (reply.status, reply.code) == (401, "token-missing")


async def test_nobody_asks_for_somebody_else(api: Api) -> None:
    anna, boris = await api.register(), await api.register()
    for user_id in (boris.id, "999"):
        reply = await api.post(CHAT, {"userId": user_id, "message": "Hello"}, anna.token)
        assert (reply.status, reply.code) == (403, "forbidden"), "whether there is one or not"


async def test_an_administrator_asks_for_anybody_there_is(api: Api) -> None:
    admin, anna = await api.make_admin(), await api.register()
    reply = await api.post(CHAT, {"userId": anna.id, "message": "echo: One"}, admin.token)
    assert reply.status == 200
    assert (await balance_of(api, anna)).used_total == reply.body["tokensUsed"]
    reply = await api.post(CHAT, {"userId": "999", "message": "echo: One"}, admin.token)
    assert (reply.status, reply.code) == (404, "user-not-found")


async def test_a_service_asks_for_its_own_users(api: Api) -> None:
    shop = await api.make_service(CHAT_SCOPE, USERS_SCOPE)
    anna = await api.register()
    made = await api.post("/api/users", {"externalId": "7", "name": "Clara"}, shop.assertion())
    clara = made.body["userId"]
    reply = await api.post(CHAT, {"userId": clara, "message": "echo: One"}, shop.assertion())
    assert (reply.status, reply.body["message"]) == (200, "One")
    reply = await api.post(CHAT, {"userId": anna.id, "message": "echo: One"}, shop.assertion())
    assert reply.status == 403


async def test_an_api_key_asks_for_its_owner(api: Api) -> None:
    anna = await api.register()
    key = await api.make_api_key(anna)
    reply = await api.post(CHAT, {"userId": anna.id, "message": "echo: One"}, key)
    assert reply.status == 200


async def test_the_limit_of_an_api_key_holds_here_too(api: Api) -> None:
    anna = await api.register()
    key = await api.make_api_key(anna, limit=150)
    spent = 0
    reply = None
    for _ in range(20):
        reply = await api.post(CHAT, {"userId": anna.id, "message": "echo: One"}, key)
        if reply.status != 200:
            break
        spent += reply.body["tokensUsed"]
    assert reply is not None
    assert (reply.status, reply.code) == (402, "budget-spent")
    assert 0 <= spent <= 150
    assert (await balance_of(api, anna)).used_total == spent
    await expect_nothing_held(api)


async def test_who_can_not_pay_is_told_how_much_is_needed(
    api: Api, language_models: LanguageModelEmulator
) -> None:
    anna = await api.register()
    await leave_units(api, anna, 10)
    reply = await say(api, anna, "echo: One")
    assert (reply.status, reply.code) == (402, "payment-required")
    assert reply.body["available"] == 10 < reply.body["needed"]
    assert language_models.requests(Call.COMPLETION) == []


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault(FaultKind.INTERNAL, times=3), "model-unavailable"),
        (Fault(FaultKind.UNAVAILABLE, times=3), "model-unavailable"),
        (Fault(FaultKind.UNAUTHENTICATED), "model-key-refused"),
        (Fault(FaultKind.PERMISSION_DENIED), "model-access-denied"),
        (Fault(FaultKind.NOT_FOUND), "model-not-found"),
        (Fault(FaultKind.CUT_INSIDE, after=1), "model-stream-broken"),
        (Fault(FaultKind.NO_FINAL), "model-stream-broken"),
    ],
)
async def test_a_model_that_fails_is_500_and_free(
    api: Api, language_models: LanguageModelEmulator, fault: Fault, code: str
) -> None:
    anna = await api.register()
    language_models.add_fault(fault)
    reply = await say(api, anna, "Tell me 50 words")
    assert (reply.status, reply.code) == (500, code)
    assert await rows(api, "SELECT status, failure FROM messages") == [("failed", code)]
    assert (await balance_of(api, anna)).used_total == 0
    await expect_nothing_held(api)
    assert (await say(api, anna, "echo: One")).status == 200


async def test_what_the_provider_filters_is_400_and_free(
    api: Api, language_models: LanguageModelEmulator
) -> None:
    anna = await api.register()
    language_models.add_fault(Fault(FaultKind.CONTENT_FILTER))
    reply = await say(api, anna, "Tell me 50 words")
    assert (reply.status, reply.code) == (400, "answer-filtered")
    assert (await balance_of(api, anna)).used_total == 0
    await expect_nothing_held(api)


async def test_the_limit_of_a_provider_is_429_and_says_when(
    api: Api, language_models: LanguageModelEmulator
) -> None:
    anna = await api.register()
    language_models.add_fault(Fault(FaultKind.HOURLY_LIMIT))
    reply = await say(api, anna, "echo: One")
    assert (reply.status, reply.code) == (429, "model-busy")
    assert int(reply.headers["Retry-After"]) == reply.body["seconds"] > 0
    await expect_nothing_held(api)


async def test_one_question_at_a_time(api: Api, language_models: LanguageModelEmulator) -> None:
    anna = await api.register()
    language_models.add_fault(Fault(FaultKind.STALL_INSIDE, seconds=60))
    first = asyncio.gather(say(api, anna, "Tell me 50 words"))
    await until(lambda: language_models.stalled == 1)
    reply = await say(api, anna, "echo: Two")
    assert (reply.status, reply.code) == (409, "answer-in-progress")
    assert int(reply.headers["Retry-After"]) > 0
    language_models.release()
    (answered,) = await first
    assert answered.status == 200
    await expect_nothing_held(api)


async def test_the_price_is_that_of_the_model(api: Api) -> None:
    anna = await api.register()
    await say(api, anna, "echo: One")
    reply = await say(api, anna, "echo: Two")
    query = "SELECT input_tokens, output_tokens, cost FROM messages WHERE cost IS NOT NULL"
    *_, (input_tokens, output_tokens, cost) = await rows(api, f"{query} ORDER BY id")
    assert reply.body["tokensUsed"] == cost == Decimal(1) * (input_tokens + output_tokens)


async def test_books_are_exact_when_a_hundred_people_ask_at_once(api: Api) -> None:
    people = [await api.register() for _ in range(100)]
    replies = await asyncio.gather(
        *(say(api, one, f"echo: {number}") for number, one in enumerate(people))
    )
    for number, (one, reply) in enumerate(zip(people, replies, strict=True)):
        assert (reply.status, reply.body["message"]) == (200, str(number))
        assert (await balance_of(api, one)).used_total == reply.body["tokensUsed"]
    assert await scalar(api, "SELECT count(*) FROM messages") == 200
    await expect_nothing_held(api)
