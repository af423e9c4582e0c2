"""Whatever goes wrong is told in one form, which never tells too much."""

import logging
import re
from typing import Any

import pytest

from tests.support.api import Api, Reply
from tests.support.asking import lines
from tests.support.probe import SECRET


def check_problem(reply: Reply, status: int, code: str) -> dict[str, Any]:
    assert reply.headers["Content-Type"] == "application/problem+json"
    problem: dict[str, Any] = reply.body
    assert reply.status == problem["status"] == status
    assert problem["code"] == code
    assert problem["type"] == f"urn:okno:problem:{code}"
    assert problem["title"]
    assert problem["detail"]
    assert problem["requestId"] == reply.headers["X-Request-ID"]
    return problem


async def test_an_unknown_address(probed: Api) -> None:
    check_problem(await probed.get("/nowhere"), 404, "route-not-found")
    check_problem(await probed.get("/health/"), 404, "route-not-found")


async def test_a_wrong_method_is_told_which_would_do(probed: Api) -> None:
    reply = await probed.delete("/probe/echo")

    check_problem(reply, 405, "method-not-allowed")
    assert reply.headers["Allow"] == "POST"


async def test_the_fields_that_are_wrong_are_named(probed: Api) -> None:
    reply = await probed.post("/probe/echo", {"userId": "12345", "amount": 11})

    problem = check_problem(reply, 400, "request-invalid")
    assert problem["errors"] == [
        {"field": "userId", "message": "is too long, the most is 4"},
        {"field": "amount", "message": "is too great, the bound is 10"},
    ]


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        ({"amount": 1}, "userId", "is missing"),
        ({"userId": "1", "amount": 1}, "userId", "is too short, the least is 2"),
        ({"userId": "ab", "amount": 1}, "userId", "is not of the right form"),
        ({"userId": 12, "amount": 1}, "userId", "is of the wrong type"),
        ({"userId": "12", "amount": 0}, "amount", "is too small, the bound is 1"),
        ([], "body", "is of the wrong type"),
        (None, "body", "is missing"),
    ],
    ids=str,
)
async def test_what_is_wrong_with_a_field(probed: Api, body: Any, field: str, message: str) -> None:
    reply = await probed.post("/probe/echo", body)

    problem = check_problem(reply, 400, "request-invalid")
    assert problem["errors"] == [{"field": field, "message": message}]


async def test_what_is_no_json(probed: Api) -> None:
    reply = await probed.request(
        "POST", "/probe/echo", data=b'{"userId": ', headers={"Content-Type": "application/json"}
    )

    problem = check_problem(reply, 400, "request-invalid")
    assert problem["errors"] == [{"field": "body", "message": "is not valid JSON"}]


async def test_a_problem_is_told_in_the_language_of_the_client(probed: Api) -> None:
    reply = await probed.post(
        "/probe/echo", {"amount": 1}, headers={"Accept-Language": "de, ru;q=0.8, en;q=0.5"}
    )

    problem = check_problem(reply, 400, "request-invalid")
    assert problem["title"] == "Неверный запрос"
    assert problem["errors"] == [{"field": "userId", "message": "отсутствует"}]


async def test_a_fault_of_ours_tells_nothing_but_where_to_look(
    probed: Api, caplog: pytest.LogCaptureFixture
) -> None:
    reply = await probed.get("/probe/fail")

    problem = check_problem(reply, 500, "unexpected")
    assert problem.keys() == {"type", "title", "status", "detail", "code", "requestId"}
    assert SECRET not in str(reply)
    [line] = lines(caplog, "request failed")
    assert line["request_id"] == problem["requestId"]


async def test_an_answer_that_breaks_off_is_seen_to_be_broken(probed: Api) -> None:
    async with probed.client.get(f"{probed.address}/probe/fail-late") as response:
        assert response.status == 200
        with pytest.raises(Exception, match=r"(?i)payload|disconnected|closed"):
            await response.read()


async def test_openai_clients_find_their_own_member(probed: Api) -> None:
    reply = await probed.get("/v1/nowhere")

    problem = check_problem(reply, 404, "route-not-found")
    assert problem["error"] == {
        "message": problem["detail"],
        "type": "invalid_request_error",
        "param": None,
        "code": "route_not_found",
    }


async def test_every_request_is_one_line_without_parameters(
    probed: Api, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    await probed.get("/nowhere?token=hidden", headers={"User-Agent": "a curious one"})

    [line] = lines(caplog, "request")
    assert (line["method"], line["path"], line["status"]) == ("GET", "/nowhere", 404)
    assert (line["route"], line["code"]) == ("none", "route-not-found")
    assert (line["address"], line["user_agent"]) == ("127.0.0.1", "a curious one")
    assert re.fullmatch(r"[0-9a-f]{32}", line["request_id"])
    assert "hidden" not in str(line)
