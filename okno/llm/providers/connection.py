"""HTTP requests to one service: it has its own session, and errors are translated."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus

from aiohttp import (
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    TCPConnector,
)
from aiohttp.http_exceptions import HttpProcessingError
from pydantic_core import to_json

from okno.llm.dto import Trace
from okno.llm.errors import ModelStreamBroken, ModelTimeout, ModelUnavailable
from okno.llm.providers.frames import Json
from okno.llm.providers.refusal import Refusal, read_refusal

_CONNECTIONS = 1000
"""Connections to one service: more than the queue ever needs."""
_IDLE_SECONDS = 30.0
"""Seconds that an idle connection is kept, so that the next request needs no handshake."""
_CONNECT_SECONDS = 10.0
_SHORT_SECONDS = 15.0
"""Seconds for short answers: token counts, lists of models, the body of a refusal."""
_END_SECONDS = 0.2
"""Seconds to wait for the end of a body after its last frame, to use the connection again."""
_MAX_REFUSAL_BYTES = 64 * 1024
_MAX_BODY_BYTES = 16 * 1024 * 1024
_SERVER_IDS = ("x-request-id", "x-server-trace-id")

_TROUBLE = (ClientError, HttpProcessingError, OSError)
# The caller limits the waits of a stream: only the caller knows what it waits for.
_STREAM = ClientTimeout(total=None, sock_connect=_CONNECT_SECONDS)


class Connection:
    """Sends requests to one service; the session is made when the first one is sent."""

    def __init__(self, base: str, headers: Mapping[str, str]) -> None:
        """`headers` go with every request, the key among them."""
        self._base = base.rstrip("/")
        # A compressed stream comes in blocks: the first text would wait for what follows it.
        self._headers = {
            "Accept-Encoding": "identity",
            "Content-Type": "application/json",
            **headers,
        }
        self._session: ClientSession | None = None

    @asynccontextmanager
    async def stream(
        self, path: str, body: Json, trace: Trace, headers: Mapping[str, str]
    ) -> AsyncIterator[ClientResponse]:
        """Open a stream; leaving the block early closes the connection, which ends the request.

        Raises the errors of `okno.llm.errors`.
        """
        async with await self._send("POST", path, body, trace, headers) as response:
            try:
                yield response
            except _TROUBLE as error:
                raise ModelStreamBroken from error
            if not response.content.at_eof():
                await _read_end(response)

    async def fetch(
        self,
        method: str,
        path: str,
        *,
        trace: Trace,
        body: Json | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Json:
        """Request a JSON object. Raises the errors of `okno.llm.errors`."""
        try:
            async with (
                asyncio.timeout(_SHORT_SECONDS),
                await self._send(method, path, body, trace, headers or {}) as response,
            ):
                found = json.loads(await _read(response, _MAX_BODY_BYTES))
        except TimeoutError as error:
            raise ModelTimeout from error
        except (*_TROUBLE, ValueError, RecursionError) as error:
            raise ModelStreamBroken from error
        if not isinstance(found, dict):
            raise ModelStreamBroken
        return found

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _send(
        self,
        method: str,
        path: str,
        body: Json | None,
        trace: Trace,
        headers: Mapping[str, str],
    ) -> ClientResponse:
        """Wait for the status. The caller has to release the response."""
        try:
            response = await self._opened().request(
                method,
                self._base + path,
                data=None if body is None else to_json(body),
                headers=headers,
                timeout=_STREAM,
                allow_redirects=False,
            )
        except _TROUBLE as error:
            raise ModelUnavailable from error
        trace.server_ids.update(
            {name: response.headers[name] for name in _SERVER_IDS if name in response.headers}
        )
        if not response.ok or response.status >= HTTPStatus.MULTIPLE_CHOICES:
            refusal = await _read_refusal(response)
            trace.refusal = str(refusal)
            raise refusal.error()
        return response

    def _opened(self) -> ClientSession:
        if self._session is None:
            connector = TCPConnector(limit=_CONNECTIONS, keepalive_timeout=_IDLE_SECONDS)
            self._session = ClientSession(headers=self._headers, connector=connector)
        return self._session


async def _read_end(response: ClientResponse) -> None:
    with suppress(*_TROUBLE):
        async with asyncio.timeout(_END_SECONDS):
            while await response.content.readany():
                pass


async def _read_refusal(response: ClientResponse) -> Refusal:
    body = b""
    # The status is enough when the body does not arrive.
    with suppress(*_TROUBLE):
        async with response, asyncio.timeout(_SHORT_SECONDS):
            body = await _read(response, _MAX_REFUSAL_BYTES)
    return read_refusal(response.status, body, response.headers.get("Retry-After"))


async def _read(response: ClientResponse, longest: int) -> bytes:
    """Read the body, or only its first bytes when it is too long."""
    body = bytearray()
    async for piece in response.content.iter_any():
        body += piece
        if len(body) >= longest:
            break
    return bytes(body[:longest])
