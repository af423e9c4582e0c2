"""The state of one completion while it runs, and what becomes of it."""

from uuid import UUID

from okno.assistant.dto import Completed, CompletionProgress, Growing
from okno.assistant.errors import AnswerInterrupted
from okno.assistant.service.cancellable import CancellableWork
from okno.assistant.service.feed import Feed
from okno.assistant.service.stop_sequences import cut
from okno.billing.dto import Price
from okno.kit.errors import OknoError
from okno.llm.dto import Chunk, Finish, Prompt, Queued, Usage


class Completion:
    """Filled by the stream, which is the `work`; ended by whatever comes first."""

    def __init__(
        self, user_id: int, prompt: Prompt, hold_id: UUID, price: Price, stop: tuple[str, ...]
    ) -> None:
        self.user_id = user_id
        self.prompt = prompt
        self.hold_id = hold_id
        self.price = price
        self.text = ""
        self.feed = Feed[CompletionProgress]()
        self.work = CancellableWork()
        self.last: Chunk | None = None
        self.error: OknoError | None = None
        self._stop = stop
        self._is_stopped = False

    @property
    def ids(self) -> dict[str, str | int]:
        """By which the logs know it."""
        return {
            "request_id": str(self.prompt.request_id),
            "user_id": self.user_id,
            "hold": str(self.hold_id),
        }

    def note(self, event: Queued | Chunk) -> None:
        """Take in what the stream brings."""
        if isinstance(event, Queued):
            self.feed.put(event)
            return
        self.last = event
        shown, self._is_stopped = cut(event.text, self._stop)
        if event.finish is not None and not self._is_stopped:
            shown = event.text
        if shown != self.text:
            self.text = shown
            self.feed.put(Growing(shown))
        if self._is_stopped:
            self.work.cancel()

    def leave(self) -> None:
        """End it, since there is nobody left to read it."""
        self.work.cancel()

    @property
    def finish(self) -> Finish | None:
        """Tell why the answer is at its end; None: it was not let come to its end."""
        if self._is_stopped:
            return Finish.STOP
        return None if self.last is None else self.last.finish

    def failure(self) -> OknoError | None:
        """Tell why there is nothing to be paid for; None: there is something."""
        if self.finish is not None:
            return None
        if self.error is not None:
            return self.error
        return None if self.text.strip() else AnswerInterrupted()

    def completed(self, finish: Finish, usage: Usage, cost: int) -> Completed:
        version = None if self.last is None else self.last.model_version
        return Completed(self.text, finish, usage, cost, version)
