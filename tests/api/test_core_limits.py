"""No request is too long, too slow or one too many: it is refused, in words."""

import asyncio
from collections.abc import AsyncIterator
from io import BytesIO

import pytest

from api import protocol
from api.middleware import body as body_limit
from okno.kit.settings import Settings
from tests.support.api import Api, open_api
from tests.support.probe import probe
from tests.support.raw_http import connect
from tests.support.wait import until

JSON = {"Content-Type": "application/json"}
LIMIT = 1024 * 1024
HEAD = b"POST /probe/length HTTP/1.1\r\nHost: api\r\nContent-Type: application/json\r\n"


async def pieces(size: int) -> AsyncIterator[bytes]:
    """A body that does not tell its length beforehand."""
    while size > 0:
        yield b"x" * min(size, 60_000)
        size -= 60_000


async def test_a_body_may_be_as_long_as_the_limit(probed: Api) -> None:
    for data in (BytesIO(b"x" * LIMIT), pieces(LIMIT)):
        reply = await probed.request("POST", "/probe/length", data=data, headers=JSON)
        assert (reply.status, reply.body) == (200, LIMIT)


@pytest.mark.parametrize("form", ["whole", "in pieces"])
async def test_a_longer_body_is_refused(probed: Api, form: str) -> None:
    data = BytesIO(b"x" * (LIMIT + 1)) if form == "whole" else pieces(LIMIT + 1)

    reply = await probed.request("POST", "/probe/length", data=data, headers=JSON)

    assert (reply.status, reply.code) == (413, "body-too-large")
    assert reply.body["limit"] == LIMIT


async def test_a_body_that_was_refused_is_not_read_for_ever(
    probed: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "LINGER_SECONDS", 0.05)
    async with connect(probed.address) as connection:
        await connection.send(HEAD + b"Content-Length: 99999999\r\n\r\nxxxx")

        assert await connection.status() == 413
        assert b"body-too-large" in await connection.read_to_end()


async def test_the_next_request_comes_after_a_body_that_was_refused(probed: Api) -> None:
    async with connect(probed.address) as connection:
        await connection.send(HEAD + b"Content-Length: 2000000\r\n\r\n" + b"x" * 2_000_000)
        assert await connection.status() == 413
        await connection.read_until(b'"limit": 1048576')
        await connection.read_until(b"}")

        await connection.send(b"GET /probe/language HTTP/1.1\r\nHost: api\r\n\r\n")
        assert await connection.status() == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    ],
    ids=lambda headers: " ".join(headers.values()),
)
async def test_a_body_is_json_and_not_compressed(probed: Api, headers: dict[str, str]) -> None:
    reply = await probed.request("POST", "/probe/length", data=b"xxxx", headers=headers)

    assert (reply.status, reply.code) == (415, "media-type-refused")


async def test_a_long_address_is_refused(probed: Api) -> None:
    assert (await probed.get(f"/probe/language?x={'x' * 8000}")).status == 200

    reply = await probed.get(f"/probe/language?x={'x' * 8192}")

    assert (reply.status, reply.code) == (414, "address-too-long")


async def test_long_headers_are_refused(probed: Api) -> None:
    many = {f"X-{number}": "x" * 1000 for number in range(17)}

    reply = await probed.get("/probe/language", headers=many)

    assert (reply.status, reply.code) == (431, "headers-too-long")


async def test_a_head_without_end_is_refused(probed: Api) -> None:
    async with connect(probed.address) as connection:
        await connection.send(b"GET / HTTP/1.1\r\nX: " + b"x" * (protocol.MAX_HEAD_BYTES + 1))

        answer = await connection.read_to_end()
    assert answer.startswith(b"HTTP/1.1 431 ")
    assert b'"code": "headers-too-long"' in answer


async def test_what_is_no_http_is_refused(probed: Api) -> None:
    async with connect(probed.address) as connection:
        await connection.send(b"EHLO window\r\n\r\n")

        answer = await connection.read_to_end()
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"application/problem+json" in answer


@pytest.mark.parametrize(
    "sent", [b"", b"GET / HTTP/1.1\r\nHost: a"], ids=["nothing", "a beginning"]
)
async def test_nobody_is_waited_for_without_end(
    probed: Api, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.05)
    async with connect(probed.address) as connection:
        await connection.send(sent)

        assert await connection.read_to_end() == b""


async def test_a_slow_second_request_is_not_waited_for_either(
    probed: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.05)
    async with connect(probed.address) as connection:
        await connection.send(b"GET /probe/language HTTP/1.1\r\nHost: api\r\n\r\n")
        await connection.read_until(b'"en"')
        await connection.send(b"GET /probe/lang")

        assert await connection.read_to_end() == b""


async def test_a_slow_body_is_refused(probed: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body_limit, "BODY_SECONDS", 0.05)
    async with connect(probed.address) as connection:
        await connection.send(HEAD + b"Content-Length: 10\r\n\r\nxxx")

        assert await connection.status() == 408
        await connection.read_until(b"body-too-slow")


async def test_a_request_may_not_take_for_ever(settings: Settings, clean: None) -> None:
    async with open_api(settings, routes=probe, request_seconds=0.1) as api:
        reply = await api.get("/probe/wait", params={"seconds": 60})
        assert (reply.status, reply.code) == (503, "request-timeout")

        # A stream takes as long as it takes.
        reply = await api.get("/probe/stream", params={"seconds": 0.06, "times": 5})
        assert reply.body.count("data:") == 5


async def test_no_more_are_handled_at_once_than_may_be(settings: Settings, clean: None) -> None:
    async with open_api(settings, routes=probe, requests_at_once=2) as api:
        waiting = [
            asyncio.create_task(api.get("/probe/wait", params={"seconds": 0.3}))  # noqa: TID251 - awaited below
            for _ in range(3)
        ]
        statuses = sorted([(await reply).status for reply in waiting])
        assert statuses == [200, 200, 503]
        assert (await api.get("/probe/language")).status == 200


async def test_who_breaks_off_a_body_is_no_fault_of_ours(
    api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    anna = await api.register()
    head = (
        "POST /api/chat HTTP/1.1\r\nHost: api\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {anna.token}\r\nContent-Length: 100\r\n\r\n{{"
    )
    async with connect(api.address) as connection:
        await connection.send(head.encode())

    await until(lambda: any("499" in str(record.msg) for record in caplog.records))
    assert not any(record.levelname == "ERROR" for record in caplog.records)
