"""Refuses a request whose header says that it is too large."""

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.telegram.wire.body import MAX_BODY


class BodyLimit:
    """The outermost middleware, because FastAPI's own limit does not answer with JSON.

    FastAPI's limit still counts the bytes of a request without the header.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        length = Headers(scope=scope).get("content-length", "") if scope["type"] == "http" else ""
        if length.isdigit() and int(length) > MAX_BODY:
            refusal = JSONResponse({"detail": f"a request has at most {MAX_BODY} bytes"}, 413)
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)
