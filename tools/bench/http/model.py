"""`python -m tools.bench.http.model PORT PIECES SECONDS`: an emulated model that uses little CPU.

It speaks OpenAI's chat completions, whole and streamed, and writes bytes directly: so the programs
in front of it are measured, not the model. `SECONDS` pass between two pieces of an answer; with 0
the whole answer comes at once.
"""

import asyncio
import json
import sys
from asyncio import TimerHandle, WriteTransport
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final, cast

import httptools
import uvloop

from sandbox.ports import HOST
from tools.bench.http.answer import answer_to

MODEL: Final = "bench"
_OK: Final = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\n"
_FRAME: Final = {
    "id": "chatcmpl-bench",
    "object": "chat.completion.chunk",
    "created": 0,
    "model": MODEL,
}


class Model(asyncio.Protocol):
    """One connection, with one request at a time."""

    def __init__(self, pieces: int, seconds: float) -> None:
        self._pieces = pieces
        self._seconds = seconds
        self._parser = httptools.HttpRequestParser(self)
        self._body = bytearray()
        self._timer: TimerHandle | None = None
        self._transport: WriteTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("WriteTransport", transport)

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002 - asyncio's
        if self._timer is not None:
            self._timer.cancel()

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._transport.close()

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        body, self._body = self._body, bytearray()
        if not body:
            self._transport.write(_whole({"object": "list", "data": [{"id": MODEL}]}))
            return
        request = json.loads(body)
        answer = answer_to(request["messages"][-1]["content"], self._pieces)
        usage = _usage(len(body) // 4, self._pieces)
        if not request.get("stream"):
            self._transport.write(_whole(_completion("".join(answer), usage)))
        elif self._seconds:
            self._go_on(_stream(answer, usage), asyncio.get_running_loop().time())
        else:
            self._transport.write(b"".join(_stream(answer, usage)))

    def _go_on(self, stream: Iterator[bytes], at: float) -> None:
        """Write a part and schedule the next. A late part does not delay the parts after it."""
        if (part := next(stream, None)) is not None:
            self._transport.write(part)
            at += self._seconds
            self._timer = asyncio.get_running_loop().call_at(at, self._go_on, stream, at)


def _stream(answer: Iterator[str], usage: dict[str, int]) -> Iterator[bytes]:
    """Yield the parts to write: the head with the first text, single texts, the end."""
    begin = _BEGIN
    for piece in answer:
        yield begin + _text(piece)
        begin = b""
    yield _END + _event({"choices": [], "usage": usage}) + _DONE


# Only the first text differs from answer to answer.
@lru_cache
def _text(piece: str) -> bytes:
    return _delta({"content": piece})


def _delta(delta: dict[str, str], finish: str | None = None) -> bytes:
    return _event({"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})


def _event(content: dict[str, Any]) -> bytes:
    return _chunk(b"data: " + _json({**_FRAME, **content}) + b"\n\n")


def _chunk(content: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(content), content)


def _completion(text: str, usage: dict[str, int]) -> dict[str, Any]:
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return {**_FRAME, "object": "chat.completion", "choices": [choice], "usage": usage}


def _usage(prompt: int, completion: int) -> dict[str, int]:
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
    }


def _whole(content: dict[str, Any]) -> bytes:
    body = _json(content)
    return b"%sContent-Length: %d\r\n\r\n%s" % (_OK % b"application/json", len(body), body)


def _json(content: dict[str, Any]) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode()


_BEGIN: Final = (
    _OK % b"text/event-stream"
    + b"Transfer-Encoding: chunked\r\n\r\n"
    + _delta({"role": "assistant", "content": ""})
)
_END: Final = _delta({}, "stop")
_DONE: Final = _chunk(b"data: [DONE]\n\n") + b"0\r\n\r\n"


async def serve(port: int, pieces: int, seconds: float) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Model(pieces, seconds), HOST, port, backlog=2048)
    sys.stderr.write("model started\n")
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
