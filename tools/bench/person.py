"""Emulated people who write and click, and measure how long the bot takes to answer."""

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
WINDOW_TIMEOUT_SECONDS: Final = 20.0
"""A measurement fails when one window takes longer."""
MEASUREMENT_TIMEOUT_SECONDS: Final = 240.0
"""A measurement fails when all its people together take longer."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """Seconds from a question to the first visible text, and to the window below the answer."""

    question: str
    first_text: float
    complete: float


class Person:
    """A person with an open chat, who sees every window as soon as it comes."""

    def __init__(self, http: ClientSession, chat_id: int, events: StreamReader) -> None:
        self.chat_id = chat_id
        self._http = http
        self._events = events
        self._window_id = 0

    async def say(self, text: str) -> float:
        """Send a text; return the seconds until a window comes."""
        started = perf_counter()
        await self._post("messages", text=text)
        return await self._see_window() - started

    async def ask(self, question: str) -> Answer:
        """Send a question; watch the answer grow until its window comes."""
        started = perf_counter()
        _, (first, last) = await asyncio.gather(
            self._post("messages", text=question), self._see_answer()
        )
        return Answer(question, first - started, last - started)

    async def press(self, label: str) -> float:
        """Press a button of the window; return the seconds until the window has changed.

        It returns after the bot has also answered the click, so that no work is left over.
        """
        started = perf_counter()
        _, seen = await asyncio.gather(self._click(label), self._see_window())
        return seen - started

    async def register(self) -> None:
        """Choose a language and open the menu, as a new user does."""
        await self.say("/start")
        await self.press(ENGLISH)
        await self.press(MENU)

    async def see_chat(self) -> None:
        """Wait for the first event, the contents of the chat: later events are not missed."""
        await self._next_event()

    async def _click(self, label: str) -> None:
        body = {"message_id": self._window_id, "text": label, "wait": WINDOW_TIMEOUT_SECONDS}
        answer = await self._post("clicks", **body)
        if not answer["answered"]:
            raise BenchError(f"the button {label!r} was not answered")

    async def _see_window(self) -> float:
        """Wait for the next new or changed message of the bot; return the time."""
        while True:
            name, data = await self._next_event()
            if name == "message" and data["author"] == "bot":
                self._window_id = data["id"]
                return perf_counter()

    async def _see_answer(self) -> tuple[float, float]:
        """Return the times of the first text (a draft or a message) and of the window.

        The former window changes too, since it loses its buttons: it does not count.
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
        async with asyncio.timeout(WINDOW_TIMEOUT_SECONDS):
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
    """Create a person unknown to the bot, and open the chat."""
    user = await _json(http, "/sim/users", {"first_name": "Anna", "language_code": "en"})
    async with http.get(f"/sim/chats/{user['chat_id']}/events") as response:
        person = Person(http, user["chat_id"], response.content)
        await person.see_chat()
        yield person


@asynccontextmanager
async def open_http(address: str) -> AsyncIterator[ClientSession]:
    """Open a client without a limit of connections."""
    timeout = ClientTimeout(total=MEASUREMENT_TIMEOUT_SECONDS)
    async with ClientSession(address, connector=TCPConnector(limit=0), timeout=timeout) as http:
        yield http


def run_people(work: Coroutine[Any, Any, T]) -> T:
    """Run the actions of people. Raises `BenchError` for a failed call and for a timeout."""

    async def bounded() -> T:
        async with asyncio.timeout(MEASUREMENT_TIMEOUT_SECONDS):
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
