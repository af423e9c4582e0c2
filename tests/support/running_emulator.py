"""The Telegram emulator behind HTTP, in a thread of its own, and the bot's side of it."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from aiohttp import ClientSession

from sandbox.telegram import Emulator
from sandbox.telegram.app import create_app
from sandbox.web.server import EmulatorServer
from tests.support.wait import TIMEOUT

TOKEN = "1:demo"
UPDATES = [
    "message",
    "callback_query",
    "pre_checkout_query",
    "my_chat_member",
    "stopped_message_generation",
]


@contextmanager
def serving(emulator: Emulator, *, port: int = 0) -> Iterator[str]:
    """Yield the address; a port lets an emulator come back where the last one was."""
    listener = socket.create_server(("127.0.0.1", port))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    server = EmulatorServer(create_app(emulator))
    thread = Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])))
    thread.start()
    try:
        yield address
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


class BotSide:
    """A bot that makes one call at a time, in the plain words of the Bot API."""

    def __init__(self, http: ClientSession, address: str) -> None:
        self._http = http
        self.address = address
        self._offset = 0

    async def call(self, method: str, **params: object) -> Any:
        """Fails the test when the call is refused."""
        url = f"{self.address}/bot{TOKEN}/{method}"
        async with self._http.post(url, json=params) as response:
            reply = await response.json()
        assert reply["ok"], reply
        return reply["result"]

    async def send(self, chat_id: int, text: str, **params: object) -> int:
        """Return the id of the message."""
        message = await self.call("sendMessage", chat_id=chat_id, text=text, **params)
        return int(message["message_id"])

    async def next_update(self, kind: str) -> dict[str, Any]:
        """Wait for an update of this kind; earlier ones of other kinds are passed over."""
        async with asyncio.timeout(TIMEOUT):
            while True:
                updates = await self.call(
                    "getUpdates", offset=self._offset, limit=1, timeout=5, allowed_updates=UPDATES
                )
                for update in updates:
                    self._offset = update["update_id"] + 1
                    if kind in update:
                        return dict(update[kind])


def keyboard(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


def button(text: str, **fields: object) -> dict[str, Any]:
    """A callback button whose data is its label, unless the fields say what it is."""
    return {"text": text, **(fields or {"callback_data": text})}
