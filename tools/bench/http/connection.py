"""A client connection on the level of bytes, so that the driver uses little CPU."""

import asyncio
from asyncio import WriteTransport
from collections.abc import Callable
from http import HTTPStatus
from typing import Final, cast

import httptools

_SHOWN_CHARACTERS: Final = 500
BROKEN: Final = 0
"""The status when the connection was closed before the answer."""


class Connection(asyncio.Protocol):
    """Sends one request at a time and keeps its answer in `status` and `body`."""

    def __init__(
        self,
        on_answer: Callable[["Connection"], None],
        on_piece: Callable[["Connection"], None] | None = None,
    ) -> None:
        """`on_answer` is called when an answer is complete, `on_piece` when a part of it comes."""
        self.status: int = BROKEN
        self.body = bytearray()
        self._on_answer = on_answer
        self._on_piece = on_piece
        self._is_waiting = False
        self._parser = httptools.HttpResponseParser(self)
        self._transport: WriteTransport

    @property
    def is_good(self) -> bool:
        return self.status == HTTPStatus.OK

    def describe_answer(self) -> str:
        """Return the status and the beginning of the body, for an error message."""
        return f"{self.status}: {self.body[:_SHOWN_CHARACTERS].decode(errors='replace')}"

    def send(self, request: bytes) -> None:
        self.body.clear()
        self._is_waiting = True
        self._transport.write(request)

    def close(self) -> None:
        self._is_waiting = False
        self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("WriteTransport", transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self._is_waiting:
            self._is_waiting = False
            self.status = BROKEN
            self.body += f"the connection was closed: {error}".encode()
            self._on_answer(self)

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._transport.abort()

    def on_body(self, body: bytes) -> None:
        self.body += body
        if self._on_piece is not None:
            self._on_piece(self)

    def on_message_complete(self) -> None:
        self._is_waiting = False
        self.status = self._parser.get_status_code()
        self._on_answer(self)
