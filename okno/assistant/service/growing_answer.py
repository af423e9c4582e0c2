"""The state of one answer while it is generated: of a kept conversation, or of a completion."""

from abc import ABC, abstractmethod
from time import monotonic
from typing import Any, Generic, TypeVar
from uuid import UUID

from okno.assistant.dto import Answered, Completed, Generation, Growing, MessageStatus
from okno.assistant.errors import AnswerFiltered, AnswerInterrupted, AnswerStopped
from okno.assistant.service.cancellable import CancellableWork
from okno.assistant.service.stop_sequences import cut
from okno.assistant.service.texts import clean
from okno.billing.dto import Hold
from okno.kit.errors import OknoError
from okno.kit.latest import Latest
from okno.llm.dto import Chunk, Finish, Prompt, Queued, Usage
from okno.llm.errors import ModelAnswerEmpty

End = TypeVar("End", Answered, Completed)


class GrowingAnswer(ABC, Generic[End]):
    """Filled by the model's stream, which is the `work`; ended by whatever comes first.

    `latest`: the mailbox from which the answer is shown. `text`: the answer so far; `last`: its
    newest chunk; `error`: the reason why the stream broke.
    """

    conversation_id: int | None = None
    facts: dict[str, Any] | None = None
    """Filled by the models with facts about a request that went well, for the log."""

    def __init__(self, prompt: Prompt, user_id: int) -> None:
        self.prompt = prompt
        self.user_id = user_id
        self.latest: Latest[Queued | Growing | End] = Latest()
        self.work = CancellableWork()
        self.text = ""
        self.last: Chunk | None = None
        self.error: OknoError | None = None
        self.is_left = False
        self._started = monotonic()

    @property
    @abstractmethod
    def ids(self) -> dict[str, str | int]:
        """Name it in the logs."""

    @abstractmethod
    def failure(self) -> OknoError | None:
        """Return the error because of which there is no answer to pay for; None: there is one."""

    @abstractmethod
    def _read(self, chunk: Chunk) -> str:
        """Return the text that may be shown."""

    @property
    def finish(self) -> Finish | None:
        """Return why the answer is at its end; None: it did not come to its end."""
        return None if self.last is None else self.last.finish

    @property
    def usage(self) -> Usage | None:
        return None if self.last is None else self.last.usage

    @property
    def model_version(self) -> str | None:
        return None if self.last is None else self.last.model_version

    @property
    def milliseconds(self) -> int:
        return round((monotonic() - self._started) * 1000)

    def note(self, event: Queued | Chunk) -> None:
        """Take in the next event of the stream."""
        if isinstance(event, Queued):
            self.latest.put(event)
            return
        self.last = event
        text = self._read(event)
        if text != self.text:
            self.text = text
            if text.strip():
                self.latest.put(Growing(text))

    def leave(self) -> None:
        """End it, since nobody is left to show it to, or the process ends."""
        self.is_left = True
        self.work.cancel()


class ConversationAnswer(GrowingAnswer[Answered]):
    """The answer of a kept conversation."""

    def __init__(self, generation: Generation) -> None:
        super().__init__(generation.prompt, generation.user_id)
        self.generation = generation
        self.conversation_id = generation.conversation_id
        self.facts = {}
        self.is_stopped = False
        self.is_lost = False

    @property
    def ids(self) -> dict[str, str | int]:
        return {
            "generation": str(self.generation.id),
            "user_id": self.user_id,
            "conversation_id": self.generation.conversation_id,
            "question_id": self.generation.question_id,
        }

    def stop(self) -> None:
        """End it, since the user said so, unless it is over already."""
        if not self.work.is_over:
            self.is_stopped = True
            self.work.cancel()

    def lose(self) -> None:
        """End it, since it was abandoned by another process, or its user was deleted."""
        self.is_lost = True
        self.work.cancel()

    def failure(self) -> OknoError | None:
        if self.finish is Finish.CONTENT_FILTER:
            return AnswerFiltered()
        has_text = bool(self.text.strip())
        if self.finish is not None:
            return None if has_text else ModelAnswerEmpty()
        if self.error is not None:
            return self.error
        if has_text and (self.is_stopped or self.is_left):
            return None
        return AnswerStopped() if self.is_stopped else AnswerInterrupted()

    def status(self) -> MessageStatus:
        """Return how the answer ended, if there is one."""
        match self.finish:
            case Finish.STOP:
                return MessageStatus.DONE
            case Finish.LENGTH:
                return MessageStatus.TRUNCATED
            case _:
                return MessageStatus.STOPPED

    def _read(self, chunk: Chunk) -> str:
        return clean(chunk.text)


class CompletionAnswer(GrowingAnswer[Completed]):
    """The answer to a client's prompt; it ends before the first text of `stop`."""

    def __init__(self, prompt: Prompt, user_id: int, hold: Hold, stop: tuple[str, ...]) -> None:
        super().__init__(prompt, user_id)
        self.hold_id: UUID = hold.id
        self._stop = stop
        self._is_cut = False

    @property
    def ids(self) -> dict[str, str | int]:
        return {
            "request_id": str(self.prompt.request_id),
            "user_id": self.user_id,
            "hold": str(self.hold_id),
        }

    @property
    def finish(self) -> Finish | None:
        return Finish.STOP if self._is_cut else super().finish

    def failure(self) -> OknoError | None:
        if self.finish is not None:
            return None
        if self.error is not None:
            return self.error
        return None if self.text.strip() else AnswerInterrupted()

    def completed(self, usage: Usage, cost: int) -> Completed:
        if self.finish is None:
            raise RuntimeError("the completion did not come to its end")
        return Completed(self.text, self.finish, usage, cost, self.model_version)

    def _read(self, chunk: Chunk) -> str:
        text, self._is_cut = cut(chunk.text, self._stop)
        if self._is_cut:
            self.work.cancel()
            return text
        return text if chunk.finish is None else chunk.text
