"""The state of one generation while it runs, and what becomes of it."""

from time import monotonic
from typing import Any

from okno.assistant.dto import Generation, Growing, MessageStatus, Progress
from okno.assistant.errors import AnswerFiltered, AnswerInterrupted, AnswerStopped
from okno.assistant.service.cancellable import CancellableWork
from okno.assistant.service.feed import Feed
from okno.assistant.service.texts import clean
from okno.kit.errors import OknoError
from okno.llm.dto import Chunk, Finish, Queued
from okno.llm.errors import ModelAnswerEmpty


class Run:
    """Filled by the stream, which is the `work`; ended by whatever comes first.

    `facts`: what the models tell of a request that went well, for the log.
    """

    def __init__(self, generation: Generation) -> None:
        self.generation = generation
        self.feed = Feed[Progress]()
        self.work = CancellableWork()
        self.text = ""
        self.last: Chunk | None = None
        self.facts: dict[str, Any] = {}
        self.error: OknoError | None = None
        self.is_stopped = False
        self.is_left = False
        self.is_lost = False
        self._started = monotonic()

    @property
    def milliseconds(self) -> int:
        return round((monotonic() - self._started) * 1000)

    def note(self, event: Queued | Chunk) -> None:
        """Take in what the stream brings."""
        if isinstance(event, Queued):
            self.feed.put(event)
            return
        self.last = event
        text = clean(event.text)
        if text != self.text:
            self.text = text
            if text.strip():
                self.feed.put(Growing(text))

    def stop(self) -> None:
        """End it, since the user said so, unless it is over already."""
        if not self.work.is_over:
            self.is_stopped = True
            self.work.cancel()

    def leave(self) -> None:
        """End it, since there is nobody left to show it to, or the process ends."""
        self.is_left = True
        self.work.cancel()

    def lose(self) -> None:
        """End it, since it has been taken over, or its user is gone."""
        self.is_lost = True
        self.work.cancel()

    def failure(self) -> OknoError | None:
        """Tell why there is no answer to be kept; None: there is one."""
        finish = None if self.last is None else self.last.finish
        if finish is Finish.CONTENT_FILTER:
            return AnswerFiltered()
        has_text = bool(self.text.strip())
        if finish is not None:
            return None if has_text else ModelAnswerEmpty()
        if self.error is not None:
            return self.error
        if has_text and (self.is_stopped or self.is_left):
            return None
        return AnswerStopped() if self.is_stopped else AnswerInterrupted()

    def status(self) -> MessageStatus:
        """Tell how the answer ended, which there is."""
        match None if self.last is None else self.last.finish:
            case Finish.STOP:
                return MessageStatus.DONE
            case Finish.LENGTH:
                return MessageStatus.TRUNCATED
            case _:
                return MessageStatus.STOPPED
