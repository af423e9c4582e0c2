"""Sessions and sockets: reused, given back, and never waited for without end."""

import asyncio
import socket
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager

import pytest

from okno.llm.dto import Trace
from okno.llm.errors import ModelStreamBroken, ModelUnavailable
from okno.llm.providers import connection as connection_module
from okno.llm.providers.connection import Connection
from okno.llm.providers.frames import Frames, Json
from tests.support.scripted_service import Service


@pytest.fixture
async def connection(service: Service) -> AsyncIterator[Connection]:
    opened = Connection(service.address, {"Authorization": "Bearer x"})
    yield opened
    await opened.close()


async def stream(connection: Connection) -> AsyncGenerator[Json, None]:
    async with connection.stream("/", {}, Trace(), {}) as response:
        async for frame in Frames(response.content):
            yield frame
            if "end" in frame:
                return


async def first(connection: Connection) -> Json:
    async with aclosing(stream(connection)) as frames:
        return await anext(frames)


@asynccontextmanager
async def talking_to(*pieces: bytes) -> AsyncIterator[Connection]:
    """A connection to a server that says just this, whatever it is asked."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.005)  # so that the pieces travel alone
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    connection = Connection(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", {})
    try:
        yield connection
    finally:
        await connection.close()
        server.close()


async def test_a_connection_is_used_again_after_the_last_frame(
    connection: Connection, service: Service
) -> None:
    service.reply(b'{"a": 1}\n', b'{"end": 1}\n')
    for _ in range(3):
        assert [frame async for frame in stream(connection)] == [{"a": 1}, {"end": 1}]
    assert len(service.connections) == 1


async def test_an_early_end_closes_the_connection(connection: Connection, service: Service) -> None:
    service.reply(b'{"a": 1}\n', hold=True)
    assert await first(connection) == {"a": 1}
    await service.wait_until_left()


async def test_a_cancelled_request_closes_the_connection(
    connection: Connection, service: Service
) -> None:
    service.reply(hold=True)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await first(connection)
    await service.wait_until_left()


async def test_a_redirect_is_not_followed_with_the_key(
    connection: Connection, service: Service
) -> None:
    service.reply(status=307, headers={"Location": f"{service.address}/elsewhere"})
    with pytest.raises(ModelUnavailable):
        await first(connection)
    assert len(service.requests) == 1


async def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    connection = Connection(f"http://127.0.0.1:{port}", {})
    with pytest.raises(ModelUnavailable):
        await first(connection)
    with pytest.raises(ModelUnavailable):
        await connection.fetch("GET", "/", trace=Trace())
    await connection.close()


async def test_an_unknown_host_can_not_be_reached() -> None:
    connection = Connection("http://model.invalid", {})
    with pytest.raises(ModelUnavailable):
        await first(connection)
    await connection.close()


async def test_a_server_that_does_not_speak_http_is_no_service() -> None:
    async with talking_to(b"SSH-2.0-nonsense\r\n\r\n") as connection:
        with pytest.raises(ModelUnavailable):
            await first(connection)


@pytest.mark.parametrize("body", [b"3\r\n{}\n\r\n", b"9\r\n{}", b""])
async def test_a_body_that_is_cut_short_is_a_broken_stream(body: bytes) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    async with talking_to(head, body) as connection:
        with pytest.raises(ModelStreamBroken):
            async for _ in stream(connection):
                pass


async def test_a_refusal_without_an_end_is_told_in_time(
    connection: Connection, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_module, "_SHORT_SECONDS", 0.05)
    service.reply(status=503, hold=True)
    with pytest.raises(ModelUnavailable):
        await first(connection)
    await service.wait_until_left()


async def test_a_closed_connection_opens_again(connection: Connection, service: Service) -> None:
    service.reply(b'{"end": 1}')
    assert await first(connection) == {"end": 1}
    await connection.close()
    await connection.close()
    assert await first(connection) == {"end": 1}
