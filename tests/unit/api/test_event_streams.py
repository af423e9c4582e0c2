"""Streams of events, at the seam between the API and its server."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.requests import Request
from starlette.types import Message

from api import streaming
from api.draining import Draining
from api.events import event
from api.problem_answers import ProblemAnswers
from api.request_info import RequestInfo
from api.streaming import Streams
from api.texts import load_texts
from okno.accounts.dto import Language
from okno.assistant.errors import AnswerFiltered, AnswerInterrupted
from tests.support.wait import until

PROBLEMS = ProblemAnswers(load_texts())


class Connection:
    """A client, seen from an ASGI server; it takes data only while it is `ready`."""

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.gone = asyncio.Event()
        self.ready = asyncio.Event()
        self.ready.set()

    async def receive(self) -> Message:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        await self.ready.wait()
        self.sent.append(message)

    @property
    def body(self) -> str:
        return b"".join(message.get("body", b"") for message in self.sent).decode()

    @property
    def is_complete(self) -> bool:
        return bool(self.sent) and not self.sent[-1].get("more_body", True)


class Source:
    """Events that a test lets come; it knows whether it was closed, and how many were taken."""

    def __init__(self) -> None:
        self.given: asyncio.Queue[bytes | Exception] = asyncio.Queue()
        self.taken = 0
        self.is_closed = False

    def give(self, *pieces: bytes | Exception) -> None:
        for piece in pieces:
            self.given.put_nowait(piece)

    async def events(self) -> AsyncGenerator[bytes, None]:
        try:
            while piece := await self.given.get():
                self.taken += 1
                if isinstance(piece, Exception):
                    raise piece
                yield piece
        finally:
            await asyncio.sleep(0)  # as one who has something to put away
            self.is_closed = True


END = b""


@pytest.fixture
def connection() -> Connection:
    return Connection()


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def draining() -> Draining:
    return Draining()


@asynccontextmanager
async def streaming_to(
    connection: Connection, source: Source, draining: Draining
) -> AsyncIterator[asyncio.Task[None]]:
    scope: dict[str, Any] = {"type": "http", "headers": []}
    info(scope)
    request = Request(scope, connection.receive)
    stream = Streams(PROBLEMS, draining).open(
        request, source.events(), interrupted=AnswerInterrupted(), error_name="error"
    )
    work = stream(scope, connection.receive, connection.send)
    task = asyncio.create_task(work)  # noqa: TID251 - awaited below
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def info(scope: dict[str, Any]) -> None:
    RequestInfo(
        request_id="1f",
        method="POST",
        path="/",
        address="127.0.0.1",
        user_agent="",
        language=Language.EN,
        is_secure=False,
    ).attach(scope)


def last_event(body: str) -> tuple[str, Any]:
    name, data = body.strip().rsplit("\n\n", 1)[-1].split("\n")
    return name.removeprefix("event: "), json.loads(data.removeprefix("data: "))


async def test_nothing_is_sent_before_the_first_event(
    connection: Connection, source: Source, draining: Draining
) -> None:
    async with streaming_to(connection, source, draining) as task:
        await until(lambda: source.given.qsize() == 0)
        await asyncio.sleep(0)
        assert connection.sent == []
        source.give(event({"text": "Oh"}, "delta"), END)
        await task
    start, first, _end = connection.sent
    assert start["status"] == 200
    assert dict(start["headers"]) == {
        b"content-type": b"text/event-stream; charset=utf-8",
        b"cache-control": b"no-store",
        b"x-accel-buffering": b"no",
    }
    assert first["body"] == b'event: delta\ndata: {"text":"Oh"}\n\n'
    assert connection.is_complete


async def test_an_error_before_the_first_event_is_raised(
    connection: Connection, source: Source, draining: Draining
) -> None:
    async with streaming_to(connection, source, draining) as task:
        source.give(AnswerFiltered())
        with pytest.raises(AnswerFiltered):
            await task
    assert connection.sent == []


async def test_an_error_after_the_first_event_is_the_last_one(
    connection: Connection, source: Source, draining: Draining
) -> None:
    async with streaming_to(connection, source, draining) as task:
        source.give(event({}), AnswerFiltered())
        await task
    name, problem = last_event(connection.body)
    assert (name, problem["code"], problem["status"]) == ("error", "answer-filtered", 400)
    assert connection.is_complete


async def test_a_fault_of_ours_is_told_without_its_details(
    connection: Connection, source: Source, draining: Draining
) -> None:
    async with streaming_to(connection, source, draining) as task:
        source.give(event({}), RuntimeError("of the kitchen"))
        await task
    _name, problem = last_event(connection.body)
    assert problem["code"] == "unexpected"
    assert "kitchen" not in connection.body


@pytest.mark.parametrize("pieces", [(), (event({}),)], ids=["before the first", "in between"])
async def test_whoever_leaves_in_silence_ends_the_stream(
    connection: Connection, source: Source, draining: Draining, pieces: tuple[bytes, ...]
) -> None:
    async with streaming_to(connection, source, draining) as task:
        source.give(*pieces)
        await until(lambda: source.taken == len(pieces))
        connection.gone.set()
        await task
        assert source.is_closed


async def test_who_leaves_while_much_is_sent_ends_the_stream(
    connection: Connection, source: Source, draining: Draining
) -> None:
    async with streaming_to(connection, source, draining) as task:
        connection.ready.clear()
        source.give(event({}), event({}))
        await until(lambda: source.taken == 1)
        connection.gone.set()
        await task
        assert source.is_closed


async def test_silence_is_broken_by_comments(
    monkeypatch: pytest.MonkeyPatch, connection: Connection, source: Source, draining: Draining
) -> None:
    monkeypatch.setattr(streaming, "HEARTBEAT_SECONDS", 0.01)
    async with streaming_to(connection, source, draining) as task:
        await until(lambda: connection.body.count(": still here\n\n") > 1, "two heartbeats")
        source.give(event({"text": "Oh"}), END)
        await task
    assert connection.sent[0]["status"] == 200
    assert connection.body.endswith('data: {"text":"Oh"}\n\n')


async def test_the_end_of_the_process_is_told(
    connection: Connection, source: Source, draining: Draining
) -> None:
    async with streaming_to(connection, source, draining) as task:
        source.give(event({}))
        await until(lambda: source.taken == 1)
        draining.is_due.set()
        await task
    assert source.is_closed
    _name, problem = last_event(connection.body)
    assert problem["code"] == "answer-interrupted"
    assert connection.is_complete


async def test_a_slow_reader_holds_nobody_up_but_himself(
    connection: Connection, source: Source, draining: Draining
) -> None:
    async with streaming_to(connection, source, draining) as task:
        connection.ready.clear()
        source.give(*[event({"number": number}) for number in range(100)], END)
        await until(lambda: source.taken == 1)
        for _ in range(20):
            await asyncio.sleep(0)
        assert source.taken == 1
        connection.ready.set()
        await task
    assert connection.body.count("data:") == 100


async def test_who_takes_nothing_for_long_is_given_up(
    monkeypatch: pytest.MonkeyPatch, connection: Connection, source: Source, draining: Draining
) -> None:
    monkeypatch.setattr(streaming, "_SEND_TIMEOUT_SECONDS", 0.01)
    async with streaming_to(connection, source, draining) as task:
        connection.ready.clear()
        source.give(event({}))
        await task
        assert source.is_closed
    assert not connection.is_complete
