"""uvicorn's HTTP protocol with an end to its patience.

Its parser keeps the head of a request until it is complete, however long that is or takes; and a
body that nobody wants any more is read to its end.
"""

import asyncio
import json
from http import HTTPStatus
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.problems import MEDIA_TYPE, type_of

LONGEST_HEAD: Final = 64 * 1024
"""Bytes that have no end in sight; `api.middleware.head` is stricter, and explains more."""
HEAD_SECONDS: Final = 15.0
LINGER_SECONDS: Final = 5.0
"""For the rest of a body that was refused: a client who is cut off sooner can't read why."""


class ImpatientProtocol(HttpToolsProtocol):
    """One connection."""

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - uvicorn's own
        super().__init__(*arguments, **options)
        self._is_in_head = True
        self._is_in_body = False
        self._head_bytes = 0
        self._patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)  # type: ignore[arg-type] # what a server is given
        self._wait_at_most(HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        self._be_patient()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if not self._is_in_head:
            return
        self._head_bytes += len(data)
        if self._head_bytes > LONGEST_HEAD:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "headers-too-long")
        elif self._patience is None:
            self._wait_at_most(HEAD_SECONDS)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._is_in_head, self._is_in_body = True, True
        self._head_bytes = 0

    def on_headers_complete(self) -> None:
        self._is_in_head = False
        self._be_patient()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._is_in_body = False
        self._be_patient()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        is_refused = self._is_in_body and self.cycle.response_complete
        super().on_response_complete()
        if is_refused and not self.transport.is_closing():
            self._wait_at_most(LINGER_SECONDS)

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP; uvicorn would do it without a problem body."""
        self._refuse(HTTPStatus.BAD_REQUEST, "request-invalid", msg)

    def _refuse(self, status: HTTPStatus, code: str, detail: str | None = None) -> None:
        """Answer before there is a request, so without an id or a language, and hang up."""
        body = {"type": type_of(code), "title": status.phrase, "status": status, "code": code}
        content = json.dumps({**body, "detail": detail or status.phrase}).encode()
        head = (
            f"HTTP/1.1 {status} {status.phrase}\r\ncontent-type: {MEDIA_TYPE}\r\n"
            f"content-length: {len(content)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + content)
        self.transport.close()

    def _wait_at_most(self, seconds: float) -> None:
        self._be_patient()
        self._patience = self.loop.call_later(seconds, self.transport.close)

    def _be_patient(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
