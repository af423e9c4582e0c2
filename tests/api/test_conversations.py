"""Conversations over HTTP: the same that the bot shows."""

from typing import Any

import pytest

from okno.assistant.scopes import CHAT
from okno.assistant.service import ChoicesService
from sandbox.llm import Fault, FaultKind, LanguageModelEmulator
from tests.support.api import Api, Reply, Someone
from tests.support.talking import say

PATH = "/api/conversations"
LINE = {"id", "title", "model", "persona", "createdAt", "updatedAt"}
MESSAGE = {"id", "role", "content", "status", "failure", "tokens", "createdAt"}
FOUND = {"messageId", "conversationId", "exchange", "title", "excerpt", "createdAt"}


async def begin(api: Api, someone: Someone, *questions: str) -> str:
    """Have a new conversation; return its id."""
    await (await api.container.get(ChoicesService)).new(someone.actor)
    for question in questions:
        assert (await say(api, someone, question)).status == 200
    return str((await conversations(api, someone))[0]["id"])


async def conversations(api: Api, someone: Someone, **params: Any) -> list[dict[str, Any]]:
    reply = await api.get(PATH, someone.token, params=params)
    assert reply.status == 200
    assert set(reply.body) == {"conversations"}
    found: list[dict[str, Any]] = reply.body["conversations"]
    return found


async def messages(api: Api, someone: Someone, conversation_id: str, **params: Any) -> Reply:
    return await api.get(f"{PATH}/{conversation_id}/messages", someone.token, params=params)


async def search(api: Api, someone: Someone, query: str, **params: Any) -> Reply:
    return await api.get(f"{PATH}/search", someone.token, params={"query": query, **params})


async def test_the_newest_comes_first(api: Api) -> None:
    anna = await api.register()
    assert await conversations(api, anna) == []
    first = await begin(api, anna, "echo: First")
    second = await begin(api, anna, "echo: Second")
    found = await conversations(api, anna)
    assert all(set(line) == LINE for line in found)
    assert [(line["id"], line["title"]) for line in found] == [
        (second, "echo: Second"),
        (first, "echo: First"),
    ]


async def test_they_come_in_pages(api: Api) -> None:
    anna = await api.register()
    for title in "abc":
        await begin(api, anna, f"echo: {title}")
    pages = [await api.get(PATH, anna.token, params={"page": n, "size": 2}) for n in range(3)]
    titles = [[line["title"] for line in reply.body["conversations"]] for reply in pages]
    assert titles == [["echo: c", "echo: b"], ["echo: a"], []]
    assert {reply.headers["X-Total-Count"] for reply in pages} == {"3"}


async def test_every_question_is_followed_by_its_answer(
    api: Api, language_models: LanguageModelEmulator
) -> None:
    anna = await api.register()
    conversation_id = await begin(api, anna, "echo: One")
    language_models.add_fault(Fault(FaultKind.BAD_REQUEST))
    assert (await say(api, anna, "echo: Two")).status == 500
    reply = await messages(api, anna, conversation_id)
    assert reply.status == 200
    assert set(reply.body) == {"messages"}
    found = reply.body["messages"]
    assert all(set(message) == MESSAGE for message in found)
    assert [(one["role"], one["content"], one["status"]) for one in found] == [
        ("user", "echo: One", "done"),
        ("assistant", "One", "done"),
        ("user", "echo: Two", "failed"),
    ]
    assert [one["tokens"] is not None for one in found] == [False, True, False]
    assert [one["failure"] is not None for one in found] == [False, False, True]
    billing = await api.get("/api/billing", anna.token, params={"userId": anna.id})
    assert found[1]["tokens"] == billing.body["totalTokens"]


async def test_messages_come_in_pages_of_exchanges(api: Api) -> None:
    anna = await api.register()
    conversation_id = await begin(api, anna, "echo: a", "echo: b", "echo: c")
    pages = [await messages(api, anna, conversation_id, page=n, size=2) for n in range(3)]
    contents = [[one["content"] for one in reply.body["messages"]] for reply in pages]
    assert contents == [["echo: a", "a", "echo: b", "b"], ["echo: c", "c"], []]
    assert {reply.headers["X-Total-Count"] for reply in pages} == {"3"}


async def test_words_are_found_where_they_were_said(api: Api) -> None:
    anna = await api.register()
    conversation_id = await begin(api, anna, "echo: a", "echo: Окна выходят на море")
    reply = await search(api, anna, "окно")
    assert reply.status == 200
    assert set(reply.body) == {"results"}
    assert all(set(found) == FOUND for found in reply.body["results"])
    assert reply.headers["X-Total-Count"] == "2"
    newest = reply.body["results"][0]
    assert newest["conversationId"] == conversation_id
    assert newest["excerpt"] == "Окна выходят на море"
    where = await messages(api, anna, conversation_id, page=newest["exchange"], size=1)
    assert newest["messageId"] in [one["id"] for one in where.body["messages"]]


@pytest.mark.parametrize("query", ["", " ", "\0", "'\"&|!():*<->", "-окно", "море or", "\\"])
async def test_no_query_is_wrong(api: Api, query: str) -> None:
    anna = await api.register()
    await begin(api, anna, "echo: Окна")
    reply = await search(api, anna, query)
    assert (reply.status, reply.body) == (200, {"results": []})


async def test_a_search_needs_a_query(api: Api) -> None:
    anna = await api.register()
    assert (await api.get(f"{PATH}/search", anna.token)).code == "request-invalid"
    assert (await search(api, anna, "x" * 201)).code == "request-invalid"


async def test_a_conversation_gets_another_title(api: Api) -> None:
    anna = await api.register()
    path = f"{PATH}/{await begin(api, anna, 'echo: One')}"
    reply = await api.patch(path, {"title": " Windows\0\n of the world "}, anna.token)
    assert reply.status == 200
    assert set(reply.body) == LINE
    assert reply.body["title"] == "Windows of the world"
    assert (await conversations(api, anna))[0]["title"] == "Windows of the world"
    long = await api.patch(path, {"title": "x" * 500}, anna.token)
    assert long.body["title"] == "x" * 100


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "request-invalid"),
        ({"title": ""}, "request-invalid"),
        ({"title": None}, "request-invalid"),
        ({"title": 17}, "request-invalid"),
        ({"title": "x" * 1001}, "request-invalid"),
        ({"title": "\ud800"}, "request-invalid"),
        ({"title": " \0\n"}, "title-empty"),
    ],
)
async def test_what_is_no_title_is_refused(api: Api, body: Any, code: str) -> None:
    anna = await api.register()
    path = f"{PATH}/{await begin(api, anna, 'echo: One')}"
    reply = await api.patch(path, body, anna.token)
    assert (reply.status, reply.code) == (400, code)


async def test_a_conversation_is_deleted(api: Api) -> None:
    anna = await api.register()
    path = f"{PATH}/{await begin(api, anna, 'echo: One')}"
    assert (await api.delete(path, anna.token)).status == 204
    assert await conversations(api, anna) == []
    again = await api.delete(path, anna.token)
    assert (again.status, again.code) == (404, "conversation-not-found")
    statement = await api.get("/api/billing/statement", anna.token)
    assert statement.body["entries"][0]["kind"] == "usage"


async def test_the_conversations_of_others_are_out_of_reach(api: Api) -> None:
    anna, boris = await api.register(), await api.register()
    of_boris = await begin(api, boris, "echo: One")
    for conversation_id in (of_boris, "4711"):
        path = f"{PATH}/{conversation_id}"
        replies = [
            await messages(api, anna, conversation_id),
            await api.patch(path, {"title": "Mine"}, anna.token),
            await api.delete(path, anna.token),
        ]
        assert {reply.status for reply in replies} == {404}
        assert {reply.code for reply in replies} == {"conversation-not-found"}
    foreign = {"userId": boris.id}
    replies = [
        await api.get(PATH, anna.token, params=foreign),
        await search(api, anna, "One", **foreign),
        await messages(api, anna, of_boris, **foreign),
        await api.patch(f"{PATH}/{of_boris}", {"title": "Mine"}, anna.token, params=foreign),
        await api.delete(f"{PATH}/{of_boris}", anna.token, params=foreign),
    ]
    assert {reply.code for reply in replies} == {"forbidden"}
    assert (await conversations(api, boris))[0]["title"] == "echo: One"
    assert (await search(api, anna, "One")).body == {"results": []}


async def test_an_admin_reads_those_of_a_user(api: Api) -> None:
    boris, admin = await api.register(), await api.make_admin()
    of_boris = await begin(api, boris, "echo: One")
    assert await conversations(api, admin) == []
    assert [line["id"] for line in await conversations(api, admin, userId=boris.id)] == [of_boris]
    assert (await messages(api, admin, of_boris)).code == "conversation-not-found"
    assert (await messages(api, admin, of_boris, userId=boris.id)).status == 200
    assert (await messages(api, admin, of_boris, userId="4711")).code == "user-not-found"


async def test_a_service_names_its_user(api: Api) -> None:
    program, without_scope = await api.make_service(), await api.make_service(CHAT)
    body = {"externalId": "customer-1", "name": "Anna"}
    params = (await api.post("/api/users", body, program.assertion())).body
    assert (await api.get(PATH, program.assertion(), params=params)).status == 200
    unnamed = await api.get(PATH, program.assertion())
    assert (unnamed.status, unnamed.code) == (400, "user-id-missing")
    assert (await api.get(PATH, without_scope.assertion(), params=params)).code == "forbidden"


@pytest.mark.parametrize("conversation_id", ["0", "x", "-1", "1.0", "%00", "9" * 19, "%D9%A3"])
async def test_what_names_no_conversation_is_refused(api: Api, conversation_id: str) -> None:
    anna = await api.register()
    path = f"{PATH}/{conversation_id}"
    replies = [
        await messages(api, anna, conversation_id),
        await api.patch(path, {"title": "Mine"}, anna.token),
        await api.delete(path, anna.token),
    ]
    assert {(reply.status, reply.code) for reply in replies} == {(400, "request-invalid")}
