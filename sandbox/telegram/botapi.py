"""The Bot API over HTTP: `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.telegram.errors import ApiError, too_large, unauthorized
from sandbox.telegram.gateway import ApiGateway, ConnectionDropped
from sandbox.telegram.wire.body import MAX_BODY, RawFields, parse_body, read_limited
from sandbox.web.connection import abort, run_until_disconnect


class BotApi:
    """Serves the bot of the emulator and refuses all other tokens."""

    def __init__(self, gateway: ApiGateway) -> None:
        self._gateway = gateway

    def routes(self) -> list[Route]:
        return [
            Route("/bot{token}/{method}", self._call, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self._file, methods=["GET"]),
        ]

    async def _call(self, request: Request) -> Response:
        try:
            self._check_token(request)
            fields, files = await _read(request)
            answering = self._gateway.answer(request.path_params["method"], fields, files)
            answer = await run_until_disconnect(request, answering)
        except ApiError as error:
            return JSONResponse(error.body(), error.status)
        except ConnectionDropped:
            return await abort(request)
        if answer is None:
            return Response()
        return Response(answer.content, answer.status, media_type=answer.content_type)

    async def _file(self, request: Request) -> Response:
        try:
            self._check_token(request)
        except ApiError as error:
            return JSONResponse(error.body(), error.status)
        stored = self._gateway.emulator.world.files.at(request.path_params["path"])
        if stored is None:
            return JSONResponse(ApiError(404, "Not Found").body(), 404)
        return Response(stored.content, media_type="application/octet-stream")

    def _check_token(self, request: Request) -> None:
        given = request.path_params["token"].encode()
        if not secrets.compare_digest(given, self._gateway.emulator.token.encode()):
            raise unauthorized()


async def _read(request: Request) -> RawFields:
    """Read the parameters of the address and of the body; the body has precedence."""
    length = request.headers.get("content-length", "0")
    if length.isdigit() and int(length) > MAX_BODY:
        raise too_large()
    query: dict[str, Any] = dict(request.query_params)
    body = await read_limited(request.stream())
    fields, files = await parse_body(request.headers.get("content-type", ""), body)
    return query | fields, files
