"""The users whom a service makes."""

import asyncio
from typing import Any

import pytest

from okno.assistant.scopes import CHAT
from tests.support.api import Api, Reply
from tests.support.service_program import ServiceProgram
from tests.support.talking import scalar

ANNA = {"externalId": "customer-1", "name": "Anna"}


async def create(api: Api, program: ServiceProgram, body: Any = None, **options: Any) -> Reply:
    return await api.post("/api/users", body or ANNA, program.assertion(), **options)


async def test_a_service_makes_a_user_once(api: Api) -> None:
    program = await api.make_service()
    made, again = await create(api, program), await create(api, program)
    assert made.status == again.status == 201
    assert made.body == again.body == {"userId": made.body["userId"]}
    params = {"userId": made.body["userId"]}
    assert (await api.get("/api/billing", program.assertion(), params=params)).status == 200


async def test_two_requests_at_once_make_one_user(api: Api) -> None:
    program = await api.make_service()
    replies = await asyncio.gather(*(create(api, program) for _ in range(5)))
    assert {reply.status for reply in replies} == {201}
    assert len({reply.body["userId"] for reply in replies}) == 1
    assert await scalar(api, "SELECT count(*) FROM users") == 1


async def test_two_services_may_call_different_users_the_same(api: Api) -> None:
    one, two = await api.make_service(), await api.make_service()
    of_one, of_two = (await create(api, one)).body, (await create(api, two)).body
    assert of_one != of_two
    reply = await api.get("/api/billing", one.assertion(), params=of_two)
    assert (reply.status, reply.code) == (403, "forbidden")


@pytest.mark.parametrize(
    ("fields", "accepted", "language"),
    [({"language": "ru"}, "en", "ru"), ({}, "ru-RU", "ru"), ({}, "fr", "en")],
)
async def test_the_language_is_named_or_proposed(
    api: Api, fields: dict[str, str], accepted: str, language: str
) -> None:
    program = await api.make_service()
    await create(api, program, {**ANNA, **fields}, headers={"Accept-Language": accepted})
    assert await scalar(api, "SELECT language FROM users") == language


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("externalId", "", "request-invalid"),
        ("externalId", "x" * 129, "request-invalid"),
        ("externalId", "a\0b", "request-invalid"),
        ("externalId", 17, "request-invalid"),
        ("externalId", None, "request-invalid"),
        ("externalId", "   ", "external-id-invalid"),
        ("externalId", "a\u2028b", "external-id-invalid"),
        ("name", "", "request-invalid"),
        ("name", "An\0na", "request-invalid"),
        ("name", "x" * 129, "request-invalid"),
        ("language", "de", "request-invalid"),
    ],
)
async def test_what_makes_no_user_is_refused(api: Api, field: str, value: Any, code: str) -> None:
    reply = await create(api, await api.make_service(), {**ANNA, field: value})
    assert (reply.status, reply.code) == (400, code)


async def test_it_needs_the_scope(api: Api) -> None:
    program = await api.make_service(CHAT)
    assert (await create(api, program)).code == "forbidden"


async def test_people_make_no_users(api: Api) -> None:
    for someone in (await api.register(), await api.make_admin()):
        reply = await api.post("/api/users", ANNA, someone.token)
        assert (reply.status, reply.code) == (403, "forbidden")
