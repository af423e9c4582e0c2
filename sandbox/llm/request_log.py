"""Logs the last requests, so that tests and the chat page can show them."""

from collections import deque
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from uuid import uuid4

from sandbox.llm.prompt import Call, Message, Prompt, Provider

MAX_LOGGED_REQUESTS: Final = 500


class Outcome(StrEnum):
    """`BROKEN`: a fault ended the answer; `CLIENT_GONE`: the client disconnected."""

    RUNNING = "running"
    FINISHED = "finished"
    REFUSED = "refused"
    BROKEN = "broken"
    CLIENT_GONE = "client_gone"


@dataclass(slots=True)
class LoggedRequest:
    """A request; times are Unix seconds.

    `number` counts all requests since the last reset. `first_text_at`: the time when the first text
    of a streamed answer was sent.
    """

    number: int
    provider: Provider
    call: Call
    at: float
    client_request_id: str | None = None
    data_logging: bool = True
    request_id: str = ""
    model: str | None = None
    is_streamed: bool = False
    messages: tuple[Message, ...] = ()
    max_tokens: int | None = None
    temperature: float | None = None
    status: int | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    first_text_at: float | None = None
    ended_at: float | None = None
    outcome: Outcome = Outcome.RUNNING

    def note(self, prompt: Prompt) -> None:
        """Store the prompt."""
        self.model = prompt.model
        self.is_streamed = prompt.is_streamed
        self.messages = prompt.messages
        self.max_tokens = prompt.max_tokens
        self.temperature = prompt.temperature

    def end(self, outcome: Outcome, at: float) -> None:
        """Store the outcome. Later outcomes do not replace the first."""
        if self.outcome is Outcome.RUNNING:
            self.outcome, self.ended_at = outcome, at


class RequestLog:
    """The newest requests."""

    def __init__(self) -> None:
        self._requests: deque[LoggedRequest] = deque(maxlen=MAX_LOGGED_REQUESTS)
        self._count = 0

    def begin(self, provider: Provider, call: Call, at: float) -> LoggedRequest:
        self._count += 1
        request = LoggedRequest(self._count, provider, call, at, request_id=str(uuid4()))
        self._requests.append(request)
        return request

    def snapshot(self) -> list[LoggedRequest]:
        """Return copies of the requests, oldest first."""
        return [replace(request) for request in self._requests]
