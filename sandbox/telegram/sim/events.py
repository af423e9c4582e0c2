"""The event stream of a chat (server-sent events)."""

import asyncio
import json
from collections.abc import AsyncIterator
from itertools import count
from typing import Final

from sandbox.telegram.core.chats import Chat
from sandbox.telegram.core.emulator import Emulator
from sandbox.telegram.core.hub import Change, ChangeKind
from sandbox.telegram.core.posting import drop_expired
from sandbox.telegram.shapes import Wire
from sandbox.telegram.wakeup import on_loop

HEARTBEAT_SECONDS: Final = 15.0
EXPIRY_SECONDS: Final = 0.5
"""Interval for checking whether a draft or "typing…" has expired."""

MAX_BACKLOG: Final = 1000

_HEARTBEAT: Final = ": heartbeat\n\n"

_INTERNAL: Final = frozenset(
    {
        ChangeKind.UPDATE_QUEUED,
        ChangeKind.WEBHOOK_CHANGED,
        ChangeKind.CALLBACK_ANSWERED,
        ChangeKind.CHECKOUT_ENDED,
    }
)


class EventStreams:
    """All streams share one sequence of ids: a reader never sees an id twice."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._ids = count(1)
        self._queues: set[asyncio.Queue[Change | None]] = set()

    async def stream(self, chat_id: int) -> AsyncIterator[str]:
        """Yield a snapshot, then changes, until a reset or the end of the server.

        The stream also ends for a reader that is too slow. A new stream begins with a snapshot.
        """
        queue: asyncio.Queue[Change | None] = asyncio.Queue()

        def on_change(change: Change) -> None:
            if change.kind in _INTERNAL or change.chat_id not in (None, chat_id):
                return
            queue.put_nowait(None if queue.qsize() >= MAX_BACKLOG else change)

        unsubscribe = self._emulator.hub.subscribe(on_loop(on_change))
        self._queues.add(queue)
        try:
            chat = self._emulator.world.chats.get(chat_id)
            yield self._event("snapshot", self._emulator.transcript(chat_id))
            async for text in self._events(queue, chat):
                yield text
        finally:
            self._queues.discard(queue)
            unsubscribe()

    def close(self) -> None:
        """End every stream, before the server stops."""
        for queue in self._queues:
            queue.put_nowait(None)

    async def _events(self, queue: asyncio.Queue[Change | None], chat: Chat) -> AsyncIterator[str]:
        loop = asyncio.get_running_loop()
        next_beat = loop.time() + HEARTBEAT_SECONDS
        while True:
            is_passing = chat.draft is not None or chat.action is not None
            deadline = min(next_beat, loop.time() + EXPIRY_SECONDS) if is_passing else next_beat
            try:
                async with asyncio.timeout_at(deadline):
                    change = await queue.get()
            except TimeoutError:
                drop_expired(self._emulator.world, chat)
                if loop.time() < next_beat:
                    continue
                yield _HEARTBEAT
            else:
                if change is None:
                    return
                yield self._event(change.kind, change.data)
                if change.kind is ChangeKind.RESET:
                    return
            next_beat = loop.time() + HEARTBEAT_SECONDS

    def _event(self, name: str, data: Wire) -> str:
        text = json.dumps(data, ensure_ascii=False)
        return f"id: {next(self._ids)}\nevent: {name}\ndata: {text}\n\n"
