"""`POST /v1/chat/completions`, whole, and `/v1/models`."""

import asyncio
from time import time
from typing import Any

import pytest

from okno.accounts.scopes import USERS
from okno.assistant.scopes import CHAT
from sandbox.llm import Call, Fault, FaultKind, LanguageModelEmulator
from tests.support.api import Api
from tests.support.talking import (
    COMPLETIONS,
    assistant,
    balance_of,
    complete,
    expect_nothing_held,
    leave_units,
    rows,
    scalar,
    user,
)
from tests.support.wait import until

MODEL = "yandexgpt-lite"


async def test_the_answer_is_a_chat_completion(api: Api) -> None:
    anna = await api.register()
    reply = await complete(api, anna.token, "echo: One")
    assert reply.status == 200
    body = reply.body
    assert body["id"].startswith("chatcmpl-")
    assert time() - body["created"] < 60
    assert (body["object"], body["model"]) == ("chat.completion", MODEL)
    (choice,) = body["choices"]
    assert choice["index"] == 0
    assert choice["message"] == {"role": "assistant", "content": "One", "refusal": None}
    assert choice["finish_reason"] == "stop"
    usage = body["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"] > 0
    assert usage["cost"] == (await balance_of(api, anna)).used_total == usage["total_tokens"]


async def test_nothing_is_added_to_it_and_nothing_of_it_is_kept(
    api: Api, language_models: LanguageModelEmulator
) -> None:
    anna = await api.register()
    messages = [
        {"role": "developer", "content": "Be brief."},
        user([{"type": "text", "text": "What "}, {"type": "text", "text": "is it?"}]),
        assistant("A window."),
        user("echo: One"),
    ]
    body = {"model": MODEL, "messages": messages, "temperature": 0, "max_completion_tokens": 9}
    await api.post(COMPLETIONS, body, anna.token)
    (asked,) = language_models.requests(Call.COMPLETION)
    assert [(str(one.role), one.text) for one in asked.messages] == [
        ("system", "Be brief."),
        ("user", "What is it?"),
        ("assistant", "A window."),
        ("user", "echo: One"),
    ]
    assert (asked.temperature, asked.max_tokens) == (0, 9)
    assert await rows(api, "SELECT * FROM conversations") == []
    await expect_nothing_held(api)


async def test_a_limit_and_a_stop_end_it(api: Api) -> None:
    anna = await api.register()
    reply = await complete(api, anna.token, "Tell me 99 words", max_tokens=5)
    assert reply.body["choices"][0]["finish_reason"] == "length"
    assert reply.body["usage"]["completion_tokens"] == 5
    for stop in ("o t", ["x", "o t"]):
        reply = await complete(api, anna.token, "echo: One two three", stop=stop)
        assert reply.body["choices"][0]["finish_reason"] == "stop"
        assert reply.body["choices"][0]["message"]["content"] == "One tw"


async def test_what_the_provider_filters_says_so_and_is_free(
    api: Api, language_models: LanguageModelEmulator
) -> None:
    anna = await api.register()
    language_models.add_fault(Fault(FaultKind.CONTENT_FILTER))
    reply = await complete(api, anna.token, "Tell me 99 words")
    assert reply.body["choices"][0]["finish_reason"] == "content_filter"
    assert reply.body["usage"]["cost"] == (await balance_of(api, anna)).used_total == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"n": 1, "top_p": 1, "presence_penalty": 0, "frequency_penalty": 0.0},
        {"tools": [], "tool_choice": "none", "response_format": {"type": "text"}},
        {"logprobs": False, "logit_bias": {}, "modalities": ["text"], "stop": []},
        {"seed": 7, "metadata": {"a": "b"}, "store": False, "service_tier": "auto"},
        {"user": "somebody", "temperature": 2, "stream": None, "stream_options": None},
        {"whatever": "comes"},
    ],
)
async def test_what_changes_nothing_is_taken(api: Api, fields: dict[str, Any]) -> None:
    anna = await api.register()
    assert (await complete(api, anna.token, "echo: One", **fields)).status == 200


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"n": 2}, "n"),
        ({"top_p": 0.5}, "top_p"),
        ({"presence_penalty": 1}, "presence_penalty"),
        ({"frequency_penalty": -1}, "frequency_penalty"),
        ({"logit_bias": {"50256": -100}}, "logit_bias"),
        ({"logprobs": True}, "logprobs"),
        ({"tools": [{"type": "function", "function": {"name": "f"}}]}, "tools"),
        ({"tool_choice": "required"}, "tool_choice"),
        ({"functions": [{"name": "f"}]}, "functions"),
        ({"response_format": {"type": "json_object"}}, "response_format"),
        ({"modalities": ["text", "audio"]}, "modalities"),
        ({"reasoning_effort": "low"}, "reasoning_effort"),
        ({"web_search_options": {}}, "web_search_options"),
        ({"temperature": 3}, "temperature"),
        ({"temperature": "hot"}, "temperature"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"max_tokens": 1.5}, "max_tokens"),
        ({"stop": [""]}, None),
        ({"stop": ["a", "b", "c", "d", "e"]}, None),
        ({"stream": "yes"}, "stream"),
        ({"model": 5}, "model"),
        ({"messages": []}, "messages"),
        ({"messages": "Hello"}, "messages"),
        ({"messages": [user("x")] * 401}, "messages"),
        ({"messages": [user("x" * 200_001)] * 2}, "messages"),
        ({"messages": [{"role": "tool", "content": "x"}]}, "messages.0.role"),
        ({"messages": [{"role": "user"}]}, "messages.0.content"),
        ({"messages": [assistant(None)]}, None),
        ({"messages": [user([{"type": "image_url", "image_url": {"url": "data:"}}])]}, None),
    ],
)
async def test_what_would_change_the_answer_is_refused_by_name(
    api: Api, language_models: LanguageModelEmulator, fields: dict[str, Any], param: str | None
) -> None:
    anna = await api.register()
    reply = await complete(api, anna.token, "echo: One", **fields)
    assert (reply.status, reply.code) == (400, "request-invalid"), reply.body
    error = reply.body["error"]
    assert error["type"] == "invalid_request_error"
    assert error["message"]
    assert error["param"] == param or (
        param is None and error["param"].startswith(next(iter(fields)))
    )
    assert language_models.requests(Call.COMPLETION) == []


@pytest.mark.parametrize(
    "content", [r'"\ud83d"', r'"echo: a\u0000"', r'[{"type":"text","text":"\udc00"}]']
)
async def test_strange_letters_are_no_fault_of_ours(api: Api, content: str) -> None:
    anna = await api.register()
    raw = f'{{"model": "{MODEL}", "messages": [{{"role": "user", "content": {content}}}]}}'
    headers = {"Content-Type": "application/json"}
    reply = await api.request("POST", COMPLETIONS, token=anna.token, data=raw, headers=headers)
    assert reply.status in {200, 400}


async def test_what_says_nothing_is_left_out_unless_there_is_nothing_else(
    api: Api, language_models: LanguageModelEmulator
) -> None:
    anna = await api.register()
    messages = [assistant(""), user("echo: One"), user([])]
    reply = await complete(api, anna.token, "", messages=messages)
    assert reply.status == 200
    (asked,) = language_models.requests(Call.COMPLETION)
    assert [one.text for one in asked.messages] == ["echo: One"]
    reply = await complete(api, anna.token, " ")
    assert (reply.status, reply.code) == (400, "question-empty")


async def test_an_unknown_model_is_404(api: Api) -> None:
    anna = await api.register()
    reply = await complete(api, anna.token, "echo: One", model="gpt-none")
    assert (reply.status, reply.code) == (404, "model-not-offered")
    assert reply.body["error"]["code"] == "model_not_found"
    assert reply.body["error"]["param"] == "model"


async def test_errors_are_problems_and_openai_s_at_once(
    api: Api, language_models: LanguageModelEmulator
) -> None:
    anna = await api.register()
    reply = await api.post(COMPLETIONS, {"model": MODEL, "messages": [user("x")]})
    assert reply.status == 401
    assert reply.body["error"]["type"] == "authentication_error"
    language_models.add_fault(Fault(FaultKind.INTERNAL, times=3))
    reply = await complete(api, anna.token, "echo: One")
    assert (reply.status, reply.code) == (500, "model-unavailable")
    assert reply.body["error"]["type"] == "server_error"
    language_models.add_fault(Fault(FaultKind.HOURLY_LIMIT))
    reply = await complete(api, anna.token, "echo: One")
    assert (reply.status, reply.body["error"]["type"]) == (429, "rate_limit_error")
    assert int(reply.headers["Retry-After"]) > 0
    await expect_nothing_held(api)


async def test_who_can_not_pay_is_refused(api: Api) -> None:
    anna = await api.register()
    await leave_units(api, anna, 5)
    reply = await complete(api, anna.token, "echo: One")
    assert (reply.status, reply.code) == (402, "payment-required")
    assert reply.body["error"]["code"] == "insufficient_quota"


async def test_a_user_has_only_so_many_answers_at_once(
    api: Api, language_models: LanguageModelEmulator
) -> None:
    most = 4
    anna, boris = await api.register(), await api.register()
    language_models.add_fault(Fault(FaultKind.STALL_INSIDE, times=most, seconds=60))
    running = asyncio.gather(*(complete(api, anna.token, "Tell me 50 words") for _ in range(most)))
    await until(lambda: language_models.stalled == most)
    reply = await complete(api, anna.token, "echo: One")
    assert (reply.status, reply.code) == (429, "too-many-generations")
    assert (await complete(api, boris.token, "echo: One")).status == 200
    language_models.release()
    assert {reply.status for reply in await running} == {200}
    assert (await complete(api, anna.token, "echo: One")).status == 200
    await expect_nothing_held(api)


async def test_the_budget_of_a_key_is_exact_under_fifty_requests_at_once(api: Api) -> None:
    limit = 300
    people = [await api.register() for _ in range(2)]
    keys = [await api.make_api_key(one, limit=limit) for one in people]
    replies = await asyncio.gather(
        *(complete(api, key, "echo: One", max_tokens=20) for key in keys for _ in range(25))
    )
    for one, key_replies in zip(people, (replies[:25], replies[25:]), strict=True):
        assert {reply.status for reply in key_replies} <= {200, 402, 429}
        spent = sum(r.body["usage"]["cost"] for r in key_replies if r.status == 200)
        assert 0 < spent <= limit
        assert (await balance_of(api, one)).used_total == spent
    assert await rows(api, "SELECT sum(used), sum(held) FROM budgets") == [
        (await scalar(api, "SELECT sum(used_total) FROM balances"), 0)
    ]
    await expect_nothing_held(api)


async def test_a_spent_key_says_so_and_another_one_goes_on(api: Api) -> None:
    anna = await api.register()
    small, free = await api.make_api_key(anna, limit=10), await api.make_api_key(anna)
    reply = await complete(api, small, "echo: One")
    assert (reply.status, reply.code) == (402, "budget-spent")
    assert (await complete(api, free, "echo: One")).status == 200


async def test_a_service_names_its_user(api: Api) -> None:
    shop = await api.make_service(CHAT, USERS)
    anna = await api.register()
    made = await api.post("/api/users", {"externalId": "7", "name": "Clara"}, shop.assertion())
    clara = made.body["userId"]
    reply = await complete(api, shop.assertion(), "echo: One", user=clara)
    assert reply.status == 200
    for name, status, code in [
        (None, 400, "user-id-missing"),
        ("clara", 400, "user-id-missing"),
        ("9" * 30, 400, "user-id-missing"),
        (anna.id, 403, "forbidden"),
    ]:
        reply = await complete(api, shop.assertion(), "echo: One", user=name)
        assert (reply.status, reply.code) == (status, code)
    used = await rows(api, "SELECT user_id FROM balances WHERE used_total > 0")
    assert used == [(int(clara),)]


async def test_the_models_are_those_of_the_catalogue(api: Api) -> None:
    anna = await api.register()
    reply = await api.get("/v1/models", anna.token)
    assert reply.body["object"] == "list"
    assert [one["id"] for one in reply.body["data"]] == ["yandexgpt-lite", "yandexgpt", "gpt-mini"]
    assert {one["object"] for one in reply.body["data"]} == {"model"}
    one = await api.get("/v1/models/yandexgpt", anna.token)
    assert one.body == reply.body["data"][1]
    for path in ("/v1/models/none", "/v1/models/%F0%9F%AA%9F"):
        missing = await api.get(path, anna.token)
        assert (missing.status, missing.body["error"]["code"]) == (404, "model_not_found")
    assert (await api.get("/v1/models")).status == 401
