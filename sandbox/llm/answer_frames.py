"""Sends an answer frame by frame, at its pace and with its fault."""

from collections.abc import AsyncGenerator
from itertools import chain
from typing import Protocol

from sandbox.llm.admission import Admission
from sandbox.llm.faults import FaultKind
from sandbox.llm.generation import Finish, Generation, Progress
from sandbox.llm.problems import Problem, Refused
from sandbox.llm.request_log import Outcome


class Wire(Protocol):
    """The format in which a service writes an answer."""

    @property
    def stream_type(self) -> str:
        """The content type of a stream."""
        ...

    def frame_tokens(self, wanted: int) -> int:
        """Tokens per frame of a stream."""
        ...

    def opening(self, start: Progress) -> list[bytes]:
        """The frames before the first text of a stream."""
        ...

    def step(self, progress: Progress) -> bytes:
        """One frame of a stream."""
        ...

    def closing(self, end: Progress) -> list[bytes]:
        """The frames that end a stream."""
        ...

    def error(self, refused: Refused) -> bytes:
        """An error inside a stream."""
        ...

    def whole(self, end: Progress, *, is_final: bool) -> bytes:
        """An answer in one piece; without its text if it is not final."""
        ...


async def stream(
    generation: Generation, wire: Wire, admission: Admission
) -> AsyncGenerator[bytes, None]:
    """Yield the frames. Raises ConnectionDropped for such a fault.

    The share of the quota is given back before the last frames: a client that has its whole answer
    can ask again at once.
    """
    await admission.begin()
    for frame in wire.opening(generation.start):
        yield frame
    progress = generation.start
    size = wire.frame_tokens(admission.pace.frame_tokens)
    fault_at = min(admission.fault.after, generation.count_steps(size)) if admission.fault else None
    for place, following in enumerate(chain(generation.steps(size), (generation.end,))):
        if place == fault_at:
            await admission.stall_if(FaultKind.STALL_INSIDE)
            admission.drop_if(FaultKind.CUT_INSIDE)
            if admission.suffers(FaultKind.ERROR_INSIDE):
                admission.end(Outcome.BROKEN)
                yield wire.error(Refused(Problem.UNAVAILABLE))
                return
            if admission.suffers(FaultKind.CONTENT_FILTER):
                progress = progress.ended(Finish.CONTENT_FILTER)
                break
        await admission.write(following.output_tokens - progress.output_tokens)
        progress = following
        if progress.finish is None:
            admission.note_text(progress.output_tokens)
            yield wire.step(progress)
    if admission.suffers(FaultKind.NO_FINAL):
        admission.end(Outcome.BROKEN)
        return
    admission.end(Outcome.FINISHED)
    for frame in wire.closing(progress):
        yield frame


async def whole(
    generation: Generation, wire: Wire, admission: Admission
) -> AsyncGenerator[bytes, None]:
    """Yield the answer in two halves: the connection can stall or break between them."""
    end = generation.end
    if admission.suffers(FaultKind.CONTENT_FILTER):
        end = generation.start.ended(Finish.CONTENT_FILTER)
    await admission.begin()
    await admission.write(end.output_tokens)
    body = wire.whole(end, is_final=not admission.suffers(FaultKind.NO_FINAL))
    yield body[: len(body) // 2]
    await admission.stall_if(FaultKind.STALL_INSIDE)
    admission.drop_if(FaultKind.CUT_INSIDE)
    admission.note_text(end.output_tokens)
    admission.end(Outcome.FINISHED)
    yield body[len(body) // 2 :]
