"""People at their Telegram clients, who measure how long the bot lets them wait."""

import asyncio
import json
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Final, TypeVar

from aiohttp import ClientError, ClientSession, ClientTimeout, StreamReader, TCPConnector

from tools.bench.errors import BenchError

ENGLISH, MENU, HELP = "English ✓", "☰ Menu", "❓ Help"
PATIENCE: Final = 20.0
"""Seconds that a person waits for one window."""
LIMIT: Final = 240.0
"""Seconds that all people of one measurement may take together."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question brought: seconds to the first text seen, and to the window at the end."""

    question: str
    first_text: float
    complete: float


class Person:
    """Whoever has a chat open: sees every window at the moment when it comes."""

    def __init__(self, http: ClientSession, chat_id: int, events: StreamReader) -> None:
        self.chat_id = chat_id
        self._http = http
        self._events = events
        self._window_id = 0

    async def say(self, text: str) -> float:
        """Write; return the seconds until a window of the bot is seen."""
        started = perf_counter()
        await self._post("messages", text=text)
        return await self._see_window() - started

    async def ask(self, question: str) -> Answer:
        """Write a question; watch the answer grow until its window is there."""
        started = perf_counter()
        _, (first, last) = await asyncio.gather(
            self._post("messages", text=question), self._see_answer()
        )
        return Answer(question, first - started, last - started)

    async def press(self, label: str) -> float:
        """Press a button of the window; return the seconds until the window has changed.

        Comes back when the button is answered too, so that nothing is left of this click.
        """
        started = perf_counter()
        _, seen = await asyncio.gather(self._click(label), self._see_window())
        return seen - started

    async def register(self) -> None:
        """Go from nothing to the menu."""
        await self.say("/start")
        await self.press(ENGLISH)
        await self.press(MENU)

    async def see_chat(self) -> None:
        """Wait for what the chat holds already: from now on nothing is missed."""
        await self._next_event()

    async def _click(self, label: str) -> None:
        body = {"message_id": self._window_id, "text": label, "wait": PATIENCE}
        answer = await self._post("clicks", **body)
        if not answer["answered"]:
            raise BenchError(f"the button {label!r} was not answered")

    async def _see_window(self) -> float:
        """Wait for the next new or changed message of the bot; return the moment."""
        while True:
            name, data = await self._next_event()
            if name == "message" and data["author"] == "bot":
                self._window_id = data["id"]
                return perf_counter()

    async def _see_answer(self) -> tuple[float, float]:
        """Return the moments of the first text, whether draft or message, and of the window.

        The last window changes, too: it loses its buttons.
        """
        first, last_window = None, self._window_id
        while True:
            name, data = await self._next_event()
            is_message = name == "message" and data["author"] == "bot" and data["id"] > last_window
            is_draft = name == "draft" and data["draft"] is not None and data["draft"]["text"]
            if first is None and (is_message or is_draft):
                first = perf_counter()
            if first is not None and is_message and data["keyboard"]:
                self._window_id = data["id"]
                return first, perf_counter()

    async def _next_event(self) -> tuple[str, dict[str, Any]]:
        name = ""
        async with asyncio.timeout(PATIENCE):
            while line := (await self._events.readline()).decode():
                field, _, value = line.rstrip("\n").partition(": ")
                if field == "event":
                    name = value
                elif field == "data":
                    return name, json.loads(value)
        raise BenchError("the emulator ended the event stream")

    async def _post(self, action: str, **body: object) -> dict[str, Any]:
        return await _json(self._http, f"/sim/chats/{self.chat_id}/{action}", body)


@asynccontextmanager
async def new_person(http: ClientSession) -> AsyncIterator[Person]:
    """Somebody whom the bot has never seen, with the chat open."""
    user = await _json(http, "/sim/users", {"first_name": "Anna", "language_code": "en"})
    async with http.get(f"/sim/chats/{user['chat_id']}/events") as response:
        person = Person(http, user["chat_id"], response.content)
        await person.see_chat()
        yield person


@asynccontextmanager
async def open_http(address: str) -> AsyncIterator[ClientSession]:
    """As many connections as there are people."""
    timeout = ClientTimeout(total=LIMIT)
    async with ClientSession(address, connector=TCPConnector(limit=0), timeout=timeout) as http:
        yield http


def drive(work: Coroutine[Any, Any, T]) -> T:
    """Let people do their work. Raises BenchError when they were let down or wait too long."""

    async def bounded() -> T:
        async with asyncio.timeout(LIMIT):
            return await work

    try:
        return asyncio.run(bounded())
    except TimeoutError:
        raise BenchError("somebody waited too long for the bot") from None
    except ClientError as error:
        raise BenchError(f"the emulator failed: {error}") from error


async def _json(http: ClientSession, path: str, body: dict[str, Any]) -> dict[str, Any]:
    async with http.post(path, json=body) as response:
        answer: dict[str, Any] = await response.json()
        if not response.ok:
            raise BenchError(f"{path}: {answer['detail']}")
        return answer
