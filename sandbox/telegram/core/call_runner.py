"""Parses, limits, performs and logs Bot API calls."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiogram.methods.base import TelegramMethod

from sandbox.telegram.core import methods  # noqa: F401 - registers the handlers
from sandbox.telegram.core.calls import Call, CallLog
from sandbox.telegram.core.handlers import Described, find_handler
from sandbox.telegram.core.world import World
from sandbox.telegram.errors import ApiError
from sandbox.telegram.limiter import RateLimiter
from sandbox.telegram.shapes import Upload, Wire
from sandbox.telegram.wire.parse import parse_call
from sandbox.telegram.wire.registry import find_method, returns_bool
from sandbox.telegram.wire.serialise import to_wire


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a call; `method` is None if the call could not be parsed."""

    status: int
    body: Wire
    call: Call
    method: TelegramMethod[Any] | None = None


class CallRunner:
    """Logs every call before anything can fail."""

    def __init__(self, world: World, limiter: RateLimiter | None) -> None:
        self._world = world
        self._limiter = limiter
        self.log = CallLog()

    def perform(self, name: str, fields: Mapping[str, Any], files: Mapping[str, Upload]) -> Reply:
        call = self._log_call(name, fields)
        method: TelegramMethod[Any] | None = None
        try:
            method_class = find_method(name)
            call.method = method_class.__api_method__
            parsed = parse_call(method_class, fields, files)
            method = parsed.method
            call.params, call.unknown = to_wire(method), parsed.unknown
            body = self._body(call, method)
        except ApiError as error:
            body = _failed(call, error)
        return Reply(call.status, body, call, method)

    def refuse(self, name: str, fields: Mapping[str, Any], error: ApiError) -> Reply:
        """Log a call and refuse it because of a fault."""
        call = self._log_call(name, fields)
        return Reply(error.status, _failed(call, error), call)

    def clear(self) -> None:
        self.log.clear()
        if self._limiter is not None:
            self._limiter.clear()

    def _log_call(self, name: str, fields: Mapping[str, Any]) -> Call:
        call = Call(name, dict(fields), self._world.clock())
        self.log.add(call)
        return call

    def _body(self, call: Call, method: TelegramMethod[Any]) -> Wire:
        if self._limiter is not None:
            self._limiter.check(method)
        handler = find_handler(method)
        if handler is None:
            call.implemented = returns_bool(type(method))
            if not call.implemented:
                raise ApiError(501, f"Not Implemented: the emulator can't answer {call.method}")
            return {"ok": True, "result": True}
        result = handler(self._world, method)
        if isinstance(result, Described):
            return {"ok": True, "result": result.result, "description": result.description}
        return {"ok": True, "result": result}


def _failed(call: Call, error: ApiError) -> Wire:
    call.status, call.description = error.status, error.description
    return error.body()
