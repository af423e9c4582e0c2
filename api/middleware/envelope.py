"""The outermost layer: makes the `RequestInfo`, adds headers to the answer, writes the log line."""

import re
from functools import lru_cache
from time import perf_counter
from uuid import uuid4

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.audit import Audit
from api.disconnects import CLIENT_CLOSED_REQUEST
from api.metrics import IN_FLIGHT, count_answer
from api.proxies import Proxies
from api.request_info import RequestInfo
from api.services import service_in
from api.texts import preferred_language

_REQUEST_ID = re.compile(r"[\w.-]{8,64}", re.ASCII)
_NO_ROUTE = "none"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
)
_UNLESS_GIVEN = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
_ONLY_HTTPS = (b"strict-transport-security", b"max-age=31536000")

_language_of = lru_cache(maxsize=1024)(preferred_language)


class Envelope:
    """Opens every request and closes it with a log line; streams pass without being collected."""

    def __init__(self, app: ASGIApp, proxies: Proxies) -> None:
        self._app = app
        self._proxies = proxies
        self._log = structlog.get_logger("api.access").bind()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        info = self._open(scope)
        answer = _Answer(info, send)
        IN_FLIGHT.inc()
        try:
            await self._app(scope, receive, answer.send)
        finally:
            IN_FLIGHT.dec()
            self._close(info, answer)
            if info.audit_id is not None:
                audit = await service_in(scope, Audit)
                await audit.finish(info.audit_id, answer.status)

    def _open(self, scope: Scope) -> RequestInfo:
        headers: dict[bytes, bytes] = dict(scope["headers"])
        peer = scope["client"][0] if scope["client"] else ""
        address, is_secure = self._proxies.client_of(peer, scope["headers"])
        asked_id = headers.get(b"x-request-id", b"").decode("latin-1")
        info = RequestInfo(
            request_id=asked_id if _REQUEST_ID.fullmatch(asked_id) else uuid4().hex,
            method=scope["method"] if scope["method"] in _METHODS else "OTHER",
            path=scope["path"],
            address=address,
            user_agent=headers.get(b"user-agent", b"").decode("latin-1"),
            language=_language_of(headers.get(b"accept-language", b"").decode("latin-1")),
            is_secure=is_secure or scope["scheme"] == "https",
            request_headers=headers,
        )
        info.attach(scope)
        structlog.contextvars.bind_contextvars(request_id=info.request_id)
        return info

    def _close(self, info: RequestInfo, answer: "_Answer") -> None:
        status, route = answer.status or CLIENT_CLOSED_REQUEST, info.route or _NO_ROUTE
        count_answer(
            info.method,
            route,
            status,
            seconds=answer.began - info.started,
            size=answer.size,
            code=info.problem_code,
        )
        self._log.info(
            "request",
            method=info.method,
            route=route,
            path=info.path,
            status=status,
            ms=round((perf_counter() - info.started) * 1000, 1),
            bytes=answer.size,
            address=info.address,
            user_agent=info.device.name,
            **({"code": info.problem_code} if info.problem_code else {}),
        )


class _Answer:
    """Adds headers to an answer and measures it; `status` is 0 until the answer begins."""

    __slots__ = ("_info", "_send", "began", "size", "status")

    def __init__(self, info: RequestInfo, send: Send) -> None:
        self._info = info
        self._send = send
        self.began = info.started
        self.status = 0
        self.size = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.began = perf_counter()
            self.status = message["status"]
            message["headers"] = self._headers(list(message["headers"]))
        else:
            self.size += len(message.get("body", b""))
        await self._send(message)

    def _headers(self, own: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        names = {name.lower() for name, _ in own}
        own.append((b"x-request-id", self._info.request_id.encode()))
        own.extend(_HEADERS)
        own.extend(header for header in _UNLESS_GIVEN if header[0] not in names)
        own.extend(self._info.response_headers)
        if self._info.is_secure:
            own.append(_ONLY_HTTPS)
        return own
