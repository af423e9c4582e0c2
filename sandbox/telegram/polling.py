"""Long polling: getUpdates waits for updates."""

import asyncio
from collections.abc import Mapping
from enum import Enum, auto
from typing import Any, Final

from aiogram.methods import GetUpdates

from sandbox.telegram.core.call_runner import Reply
from sandbox.telegram.core.emulator import Emulator
from sandbox.telegram.core.hub import Change, ChangeKind
from sandbox.telegram.core.methods.updates import update_limit
from sandbox.telegram.errors import ApiError, conflict
from sandbox.telegram.shapes import Upload, Wire
from sandbox.telegram.wakeup import on_loop

MAX_TIMEOUT: Final = 50
SAME_OFFSET_PAUSE: Final = 3.0
"""A poll that repeats the offset of the last one within this time has to wait: seconds."""


class _Outcome(Enum):
    UPDATES = auto()
    REPLACED = auto()
    WEBHOOK = auto()
    CLOSED = auto()


_CONFLICTS: Final = {
    _Outcome.REPLACED: "terminated by other getUpdates request; "
    "make sure that only one bot instance is running",
    _Outcome.WEBHOOK: "terminated by setWebhook request",
}


class LongPolls:
    """Holds at most one waiting poll: a second poll makes the first fail."""

    def __init__(self, emulator: Emulator, *, same_offset_pause: float) -> None:
        self._emulator = emulator
        self._pause = same_offset_pause
        self._waiting: asyncio.Future[_Outcome] | None = None
        self._last_offset = 0
        self._last_at = 0.0

    @property
    def is_waiting(self) -> bool:
        return self._waiting is not None

    async def get_updates(self, fields: Mapping[str, Any], files: Mapping[str, Upload]) -> Reply:
        reply = self._emulator.perform("getUpdates", fields, files)
        if not isinstance(reply.method, GetUpdates) or not _is_empty(reply):
            return reply
        deadline = asyncio.get_running_loop().time() + self._timeout(reply.method)
        while _is_empty(reply):
            outcome = await self._wait(deadline)
            if outcome in _CONFLICTS:
                return _refused(reply, conflict(_CONFLICTS[outcome]))
            if outcome is not _Outcome.UPDATES:
                break
            reply.body["result"] = self._pending(reply.method)
        return reply

    def close(self) -> None:
        """End the waiting poll with an empty answer, before the server stops."""
        self._end(_Outcome.CLOSED)

    def _timeout(self, call: GetUpdates) -> float:
        timeout: float = max(0, min(call.timeout or 0, MAX_TIMEOUT))
        now = asyncio.get_running_loop().time()
        offset = call.offset or 0
        if offset == self._last_offset and now - self._last_at < self._pause:
            timeout = max(timeout, self._pause)
        self._last_offset, self._last_at = offset, now
        return timeout

    def _pending(self, call: GetUpdates) -> list[Wire]:
        return self._emulator.world.updates.first(update_limit(call))

    async def _wait(self, deadline: float) -> _Outcome | None:
        """Wait for an outcome; return None at the deadline."""
        loop = asyncio.get_running_loop()
        if deadline <= loop.time():
            return None
        self._end(_Outcome.REPLACED)
        waiting: asyncio.Future[_Outcome] = loop.create_future()
        self._waiting = waiting
        unsubscribe = self._emulator.hub.subscribe(on_loop(self._on_change))
        try:
            async with asyncio.timeout_at(deadline):
                return await waiting
        except TimeoutError:
            return None
        finally:
            unsubscribe()
            if self._waiting is waiting:
                self._waiting = None

    def _on_change(self, change: Change) -> None:
        if change.kind is ChangeKind.UPDATE_QUEUED:
            self._end(_Outcome.UPDATES)
        elif change.kind is ChangeKind.WEBHOOK_CHANGED and self._emulator.world.webhook.url:
            self._end(_Outcome.WEBHOOK)

    def _end(self, outcome: _Outcome) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(outcome)


def _is_empty(reply: Reply) -> bool:
    return reply.body.get("result") == []


def _refused(reply: Reply, error: ApiError) -> Reply:
    reply.call.status, reply.call.description = error.status, error.description
    return Reply(error.status, error.body(), reply.call, reply.method)
