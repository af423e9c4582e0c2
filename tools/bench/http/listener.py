"""`python -m tools.bench.http.listener STREAMS RESULT`: many callers read streams at once."""

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import uvloop

from sandbox.ports import HOST
from tools.bench.http.connection import Connection
from tools.bench.http.events import FIRST_TEXT, texts_in
from tools.bench.http.load import StreamResult, Streams, write_stream_results
from tools.bench.http.request import Request


@dataclass(frozen=True, slots=True)
class RawStream:
    """The bytes and times of a stream. Parsing waits until all streams have ended."""

    body: bytes
    first: float
    whole: float


class Listener:
    """The connection of one caller."""

    def __init__(self, first_text: bytes) -> None:
        self._first_text = first_text
        self._first: float | None = None
        self._ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._connection = Connection(self._end, self._hear)

    async def connect(self, port: int) -> None:
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: self._connection, HOST, port)

    async def listen(self, request: bytes, after: float) -> RawStream:
        """Raises `ValueError` when there is no stream."""
        await asyncio.sleep(after)
        asked = perf_counter()
        self._connection.send(request)
        await self._ended
        whole = perf_counter() - asked
        self._connection.close()
        body = bytes(self._connection.body)
        if not self._connection.is_good or self._first is None:
            raise ValueError(f"no stream: {self._connection.describe_answer()}")
        return RawStream(body, self._first - asked, whole)

    def _hear(self, connection: Connection) -> None:
        if self._first is None and self._first_text in connection.body:
            self._first = perf_counter()

    def _end(self, _: Connection) -> None:
        self._ended.set_result(None)


async def listen(streams: Streams) -> list[StreamResult]:
    """Raises `TimeoutError` and `ValueError`."""
    listeners = [Listener(FIRST_TEXT[streams.dialect]) for _ in streams.callers]
    requests = [Request(streams.port, streams.path, caller) for caller in streams.callers]
    pause = streams.over / len(listeners)
    async with asyncio.timeout(streams.seconds):
        for listener in listeners:
            await listener.connect(streams.port)
        ended = await asyncio.gather(
            *(
                listener.listen(request.numbered(streams.first + place), place * pause)
                for place, (listener, request) in enumerate(zip(listeners, requests, strict=True))
            )
        )
    return [
        StreamResult(texts_in(stream.body, streams.dialect), stream.first, stream.whole)
        for stream in ended
    ]


def main() -> None:
    streams, result = (Path(argument) for argument in sys.argv[1:])
    write_stream_results(uvloop.run(listen(Streams.read(streams))), result)


if __name__ == "__main__":
    main()
