"""Receives the calls of the Bot API, from HTTP and in process; applies faults and long polls."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sandbox.telegram.core.call_runner import Reply
from sandbox.telegram.core.emulator import Emulator
from sandbox.telegram.faults import Fault, FaultKind
from sandbox.telegram.polling import SAME_OFFSET_PAUSE, LongPolls
from sandbox.telegram.shapes import Upload
from sandbox.telegram.wire.registry import METHODS

_BAD_GATEWAY: Final = """<html>
<head><title>502 Bad Gateway</title></head>
<body><center><h1>502 Bad Gateway</h1></center></body>
</html>
"""


class ConnectionDropped(Exception):
    """The connection must be closed without an answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer, independent of the transport."""

    status: int
    content: str
    content_type: str = "application/json"


class ApiGateway:
    """Answers Bot API calls. Raises ConnectionDropped for such a fault."""

    def __init__(self, emulator: Emulator, *, same_offset_pause: float = SAME_OFFSET_PAUSE) -> None:
        self.emulator = emulator
        self._polls = LongPolls(emulator, same_offset_pause=same_offset_pause)

    @property
    def is_polling(self) -> bool:
        return self._polls.is_waiting

    async def answer(
        self, method: str, fields: Mapping[str, Any], files: Mapping[str, Upload]
    ) -> Answer:
        fault = self.emulator.faults.take(method, fields)
        if fault is not None:
            return await self._apply_fault(fault, method, fields, files)
        return _answer(await self._perform(method, fields, files))

    def close(self) -> None:
        self._polls.close()

    async def _apply_fault(
        self,
        fault: Fault,
        method: str,
        fields: Mapping[str, Any],
        files: Mapping[str, Upload],
    ) -> Answer:
        match fault.kind:
            case FaultKind.ERROR:
                return _answer(self.emulator.refuse(_official(method), fields, fault.error()))
            case FaultKind.NOT_JSON:
                return Answer(502, _BAD_GATEWAY, "text/html")
            case FaultKind.DROP:
                raise ConnectionDropped
        reply = await self._perform(method, fields, files)
        if fault.kind is FaultKind.LOST_REPLY:
            raise ConnectionDropped
        await asyncio.sleep(fault.delay)
        return _answer(reply)

    async def _perform(
        self, method: str, fields: Mapping[str, Any], files: Mapping[str, Upload]
    ) -> Reply:
        if method.lower() == "getupdates":
            return await self._polls.get_updates(fields, files)
        return self.emulator.perform(method, fields, files)


def _answer(reply: Reply) -> Answer:
    return Answer(reply.status, json.dumps(reply.body, ensure_ascii=False))


def _official(name: str) -> str:
    known = METHODS.get(name.lower())
    return name if known is None else known.__api_method__
