"""A stream of JSON objects, one per line, as the APIs of the models send them.

YandexGPT sends bare lines. OpenAI sends server-sent events, of which all services use nothing but
the `data:` line. Some servers mix the two, so one reader takes both. The network splits and joins
lines anywhere, also within a character; some servers leave out the line break between two objects.
"""

import json
import re
from collections import deque
from collections.abc import Iterator
from typing import Any, Final, Protocol, Self

from pydantic_core import from_json

from okno.llm.errors import ModelStreamBroken

Json = dict[str, Any]

DONE: Final[Json] = {}
"""Stands for OpenAI's `[DONE]`: the stream has ended properly."""

_MAX_LINE_BYTES = 4 * 1024 * 1024
_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"\s+")


class Body(Protocol):
    """The content of a response."""

    async def readany(self) -> bytes:
        """Wait for some bytes; there are none at the end."""
        ...


class Frames:
    """Iterates over the objects of a body as they arrive. Raises `ModelStreamBroken`."""

    def __init__(self, body: Body) -> None:
        self._body = body
        self._pending = bytearray()
        self._ready: deque[Json] = deque()
        self._ended = False

    @property
    def more_at_hand(self) -> bool:
        """True when the next object has arrived already, so that this one can be skipped."""
        return bool(self._ready)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Json:
        while not self._ready:
            if self._ended:
                raise StopAsyncIteration
            self._take(await self._body.readany())
        return self._ready.popleft()

    def _take(self, piece: bytes) -> None:
        self._pending += piece
        self._ended = not piece
        if self._ended or b"\n" in piece:
            *lines, rest = self._pending.split(b"\n")
            self._pending = rest
            if self._ended:
                lines.append(rest)
            for line in lines:
                self._ready.extend(_objects(line))
        if len(self._pending) > _MAX_LINE_BYTES:
            raise ModelStreamBroken


def _objects(line: bytes | bytearray) -> Iterator[Json]:
    data = line.strip().removeprefix(b"data:").strip()
    if data == b"[DONE]":
        yield DONE
    # Anything else than an object is a comment, another field of the event, or a keep-alive.
    if not data.startswith(b"{"):
        return
    try:
        found = from_json(data)
    except ValueError:
        yield from _decoded(data)
    else:
        yield found


def _decoded(data: bytes | bytearray) -> Iterator[Json]:
    """Read a line that holds several objects, or half of a character."""
    try:
        text = data.decode()
        place = 0
        while place < len(text):
            found, place = _DECODER.raw_decode(text, place)
            if not isinstance(found, dict):
                raise ModelStreamBroken
            yield found
            if (gap := _SPACE.match(text, place)) is not None:
                place = gap.end()
    except (ValueError, RecursionError) as error:
        raise ModelStreamBroken from error
