"""The last requests, kept for whoever wants to see what was asked and how it ended."""

from collections import deque
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from uuid import uuid4

from sandbox.llm.prompt import Call, Message, Prompt, Provider

MOST_KEPT: Final = 500


class Outcome(StrEnum):
    """`BROKEN`: a fault ended the answer; `CLIENT_GONE`: the client closed the connection."""

    RUNNING = "running"
    FINISHED = "finished"
    REFUSED = "refused"
    BROKEN = "broken"
    CLIENT_GONE = "client_gone"


@dataclass(slots=True)
class KeptRequest:
    """One request. No header is kept but those named here; times are Unix seconds.

    `number` counts all requests since the last reset. `first_text_at`: when the first text of a
    streamed answer was handed to the network.
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
        """What was asked is known now."""
        self.model = prompt.model
        self.is_streamed = prompt.is_streamed
        self.messages = prompt.messages
        self.max_tokens = prompt.max_tokens
        self.temperature = prompt.temperature

    def end(self, outcome: Outcome, at: float) -> None:
        """The first outcome is the one that counts."""
        if self.outcome is Outcome.RUNNING:
            self.outcome, self.ended_at = outcome, at


class RequestLog:
    """The newest, as many as fit."""

    def __init__(self) -> None:
        self._kept: deque[KeptRequest] = deque(maxlen=MOST_KEPT)
        self._count = 0

    def begin(self, provider: Provider, call: Call, at: float) -> KeptRequest:
        self._count += 1
        request = KeptRequest(self._count, provider, call, at, request_id=str(uuid4()))
        self._kept.append(request)
        return request

    def snapshot(self) -> list[KeptRequest]:
        """Oldest first; what happens later does not change them."""
        return [replace(request) for request in self._kept]
