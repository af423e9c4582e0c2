"""uvicorn's HTTP protocol with limits for size and time.

uvicorn itself waits without limit for the rest of a head, keeps a head of any size, and reads the
whole body of a request that is refused already.
"""

import asyncio
import json
from http import HTTPStatus
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.problems import MEDIA_TYPE, type_of

MAX_HEAD_BYTES: Final = 64 * 1024
"""The limit of an unfinished head; `api.middleware.head` is stricter and answers in full."""
HEAD_SECONDS: Final = 15.0
LINGER_SECONDS: Final = 5.0
"""Time for the rest of a refused body: a client that is cut off sooner can't read the answer."""


class LimitedHttpProtocol(HttpToolsProtocol):
    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - uvicorn's own
        super().__init__(*arguments, **options)
        self._is_in_head = True
        self._is_in_body = False
        self._head_bytes = 0
        self._closing: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)  # type: ignore[arg-type] # what a server is given
        self._close_after(HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if not self._is_in_head:
            return
        self._head_bytes += len(data)
        if self._head_bytes > MAX_HEAD_BYTES:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "headers-too-long")
        elif self._closing is None:
            self._close_after(HEAD_SECONDS)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._is_in_head, self._is_in_body = True, True
        self._head_bytes = 0

    def on_headers_complete(self) -> None:
        self._is_in_head = False
        self._stop_timer()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._is_in_body = False
        self._stop_timer()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        is_refused = self._is_in_body and self.cycle.response_complete
        super().on_response_complete()
        if is_refused and not self.transport.is_closing():
            self._close_after(LINGER_SECONDS)

    def send_400_response(self, msg: str) -> None:
        """Answer invalid HTTP with a problem body, which uvicorn would not send."""
        self._refuse(HTTPStatus.BAD_REQUEST, "request-invalid", msg)

    def _refuse(self, status: HTTPStatus, code: str, detail: str | None = None) -> None:
        """Answer and close. There is no request yet, so the answer has no id and no language."""
        body = {"type": type_of(code), "title": status.phrase, "status": status, "code": code}
        content = json.dumps({**body, "detail": detail or status.phrase}).encode()
        head = (
            f"HTTP/1.1 {status} {status.phrase}\r\ncontent-type: {MEDIA_TYPE}\r\n"
            f"content-length: {len(content)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + content)
        self.transport.close()

    def _close_after(self, seconds: float) -> None:
        self._stop_timer()
        self._closing = self.loop.call_later(seconds, self.transport.close)

    def _stop_timer(self) -> None:
        if self._closing is not None:
            self._closing.cancel()
            self._closing = None
