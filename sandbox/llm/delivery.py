"""An HTTP answer that is sent piece by piece and ends when the client disconnects."""

import asyncio
from collections.abc import AsyncIterator, Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from sandbox.llm.admission import Admission
from sandbox.llm.problems import ConnectionDropped
from sandbox.llm.request_log import Outcome
from sandbox.web.connection import abort, run_until_disconnect


class Delivery(Response):
    """Sends the status together with the first piece: nothing is sent before it."""

    def __init__(
        self,
        pieces: AsyncIterator[bytes],
        admission: Admission,
        *,
        media_type: str,
        headers: Mapping[str, str],
    ) -> None:
        super().__init__(media_type=media_type, headers=headers)
        del self.headers["content-length"]
        self._pieces = pieces
        self._admission = admission

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        await run_until_disconnect(request, self._deliver(request, send))

    async def _deliver(self, request: Request, send: Send) -> None:
        try:
            async for piece in self._pieces:
                await self._start(send)
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await self._start(send)
            await send({"type": "http.response.body", "body": b""})
        except ConnectionDropped:
            self._admission.end(Outcome.BROKEN)
            await abort(request)
        except asyncio.CancelledError:
            self._admission.end(Outcome.CLIENT_GONE)
            raise

    async def _start(self, send: Send) -> None:
        logged = self._admission.logged
        if logged.status is None:
            logged.status = self.status_code
            await send(
                {
                    "type": "http.response.start",
                    "status": self.status_code,
                    "headers": self.raw_headers,
                }
            )
