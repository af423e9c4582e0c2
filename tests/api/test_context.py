"""The context window over HTTP: read, replaced, forgotten."""

import asyncio
import json
from typing import Any

import pytest

from okno.accounts.scopes import USERS
from sandbox.llm import Call, LanguageModelEmulator
from tests.support.api import Api, Reply, Someone
from tests.support.talking import assistant, say, user

CONTEXT = "/api/context"
RESET = "/api/context/reset"
GIVEN = [{"role": "system", "content": "Be brief."}, user("One"), assistant("Two")]


async def read(api: Api, someone: Someone) -> Reply:
    return await api.get(CONTEXT, someone.token, params={"userId": someone.id})


async def save(api: Api, someone: Someone, context: Any = GIVEN) -> Reply:
    return await api.post(CONTEXT, {"userId": someone.id, "context": context}, someone.token)


async def reset(api: Api, someone: Someone) -> Reply:
    return await api.post(RESET, {"userId": someone.id}, someone.token)


async def test_what_was_saved_is_read(api: Api) -> None:
    anna = await api.register()
    saved = await save(api, anna)
    assert (saved.status, saved.body) == (200, {"success": True})
    reply = await read(api, anna)
    assert (reply.status, reply.body) == (200, {"context": GIVEN})


async def test_it_goes_before_the_next_question(
    api: Api, language_models: LanguageModelEmulator
) -> None:
    anna = await api.register()
    await save(api, anna)
    answer = await say(api, anna, "echo: Three")
    after = [*GIVEN, user("echo: Three"), assistant("Three")]
    assert answer.body["context"] == after
    assert (await read(api, anna)).body == {"context": after}
    asked = [one.text for one in language_models.requests(Call.COMPLETION)[-1].messages]
    assert asked[-4:] == ["Be brief.", "One", "Two", "echo: Three"]


async def test_what_was_said_is_replaced(api: Api) -> None:
    anna = await api.register()
    await say(api, anna, "echo: Before")
    await save(api, anna)
    assert (await read(api, anna)).body == {"context": GIVEN}
    await save(api, anna, [])
    assert (await read(api, anna)).code == "context-not-found"


async def test_before_anything_was_said_there_is_none(api: Api) -> None:
    anna = await api.register()
    reply = await read(api, anna)
    assert (reply.status, reply.code) == (404, "context-not-found")


async def test_a_reset_forgets_it(api: Api) -> None:
    anna = await api.register()
    await save(api, anna)
    await say(api, anna, "echo: Three")
    forgotten = await reset(api, anna)
    assert (forgotten.status, forgotten.body) == (200, {"success": True})
    assert (await read(api, anna)).code == "context-not-found"
    assert (await reset(api, anna)).status == 200
    answer = await say(api, anna, "echo: Four")
    assert answer.body["context"] == [user("echo: Four"), assistant("Four")]


async def test_of_many_at_once_one_is_kept_whole(api: Api) -> None:
    anna = await api.register()
    contexts = [[user(f"{number}"), assistant(f"{number}")] for number in range(5)]
    replies = await asyncio.gather(*(save(api, anna, context) for context in contexts))
    assert {reply.status for reply in replies} == {200}
    assert (await read(api, anna)).body["context"] in contexts


@pytest.mark.parametrize(
    "context",
    [
        None,
        {},
        "hello",
        ["hello"],
        [{}],
        [{"role": "user"}],
        [{"content": "x"}],
        [{"role": "tool", "content": "x"}],
        [{"role": "User", "content": "x"}],
        [{"role": "user", "content": 17}],
        [{"role": "user", "content": None}],
        [{"role": "user", "content": "\ud800"}],
        [user("x"), None],
    ],
)
async def test_what_is_no_context_is_refused(api: Api, context: Any) -> None:
    anna = await api.register()
    reply = await save(api, anna, context)
    assert (reply.status, reply.code) == (400, "request-invalid")
    assert "context" in json.dumps(reply.body["errors"])


@pytest.mark.parametrize("context", [[user("x")] * 401, [user("x" * 200_000), user("y" * 200_001)]])
async def test_what_is_too_long_is_refused(api: Api, context: Any) -> None:
    anna = await api.register()
    reply = await save(api, anna, context)
    assert (reply.status, reply.code) == (400, "context-too-long")


async def test_what_can_not_be_stored_is_left_out(api: Api) -> None:
    anna = await api.register()
    await save(api, anna, [user("a\0b"), assistant("c")])
    assert (await read(api, anna)).body == {"context": [user("ab"), assistant("c")]}


@pytest.mark.parametrize("user_id", [None, "", "0", "x", "-1", 17, "9" * 19, "1\0"])
async def test_what_is_no_user_is_refused(api: Api, user_id: Any) -> None:
    anna = await api.register()
    for path, body in ((CONTEXT, {"context": GIVEN}), (RESET, {})):
        reply = await api.post(path, {"userId": user_id, **body}, anna.token)
        assert (reply.status, reply.code) == (400, "request-invalid")
        missing = await api.post(path, body, anna.token)
        assert (missing.status, missing.code) == (400, "request-invalid")
    assert (await api.get(CONTEXT, anna.token)).code == "request-invalid"


async def test_the_context_of_others_is_out_of_reach(api: Api) -> None:
    anna, boris, admin = await api.register(), await api.register(), await api.make_admin()
    await save(api, boris)
    without_scope = await api.make_service(USERS)
    params = {"userId": boris.id}
    for token in (anna.token, await api.make_api_key(anna), without_scope.assertion()):
        assert (await api.get(CONTEXT, token, params=params)).code == "forbidden"
    body = {"userId": boris.id, "context": []}
    assert (await api.post(CONTEXT, body, anna.token)).code == "forbidden"
    assert (await api.post(RESET, params, anna.token)).code == "forbidden"
    assert (await api.get(CONTEXT, admin.token, params=params)).body == {"context": GIVEN}
    unknown = await api.post(RESET, {"userId": "4711"}, admin.token)
    assert (unknown.status, unknown.code) == (404, "user-not-found")


async def test_a_service_keeps_the_context_of_its_users(api: Api) -> None:
    program = await api.make_service()
    body = {"externalId": "customer-1", "name": "Anna"}
    params = (await api.post("/api/users", body, program.assertion())).body
    await api.post(CONTEXT, {**params, "context": GIVEN}, program.assertion())
    reply = await api.get(CONTEXT, program.assertion(), params=params)
    assert reply.body == {"context": GIVEN}
