"""The people that the measurement inserts by SQL work like those that the API makes."""

import json
from typing import Any

import pytest

from tests.support.api import Api
from tools.bench.errors import BenchError
from tools.bench.http.callers import chat_callers
from tools.bench.http.options import CHAT
from tools.bench.http.people import BALANCE, Person, make_people, renew
from tools.bench.http.stored_rows import check_stored_rows


async def test_they_sign_in_and_ask_and_the_books_are_right(
    api: Api, environment: dict[str, str]
) -> None:
    people = await renew(await make_people(environment, 3), _port(api))
    for person in people:
        await _ask(api, person)
    balance = await api.get(f"/api/billing?userId={people[0].user_id}", people[0].token)

    # All is stored and paid once; but this model does not begin its answers with the question.
    with pytest.raises(BenchError, match=r"3 exchanges were answered, but there are 0 fitting$"):
        await check_stored_rows(environment, exchanges=3)
    with pytest.raises(BenchError, match=r"3 questions, 3 answers, 0 fitting, 3 charges$"):
        await check_stored_rows(environment, exchanges=4)
    assert balance.body["currentBalance"] == BALANCE - balance.body["totalTokens"]


async def test_their_sign_ins_are_renewed_again_and_again(
    api: Api, environment: dict[str, str]
) -> None:
    once = await renew(await make_people(environment, 2), _port(api))
    twice = await renew(once, _port(api))

    assert [person.user_id for person in twice] == [person.user_id for person in once]
    with pytest.raises(BenchError, match="session-ended"):
        await renew(once, _port(api))


async def _ask(api: Api, person: Person) -> dict[str, Any]:
    caller = chat_callers([person])[0]
    reply = await api.post(CHAT, json.loads(caller.body), caller.token)
    assert reply.status == 200, reply.body
    body: dict[str, Any] = reply.body
    return body


def _port(api: Api) -> int:
    return int(api.address.rpartition(":")[2])
