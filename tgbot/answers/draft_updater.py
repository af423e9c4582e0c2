"""Shows an answer while it grows: its newest state, as often as Telegram takes it.

The first text waits for nothing, not even for the sign of life that is on its way.
"""

import asyncio
from collections.abc import Callable
from time import monotonic

import structlog

from dialogs.kit.markdown import Part, Preview
from okno.assistant.dto import Answered, Growing
from okno.kit.latest import Latest, happens_within
from okno.llm.dto import Queued
from tgbot.answers.draft_sender import DraftSender
from tgbot.answers.rhythm import Rhythm
from tgbot.metrics import FIRST_TEXT_SECONDS

log = structlog.get_logger(__name__)

_SHARE = 20
"""A frame that took long to render is followed by a pause so many times as long."""


class DraftUpdater:
    """Shows the newest state until the answer is over. Errors are logged: the answer goes on."""

    def __init__(
        self,
        progress: Latest[Queued | Growing | Answered],
        draft: DraftSender,
        rhythm: Rhythm,
        place_text: Callable[[int], str],
    ) -> None:
        self._progress = progress
        self._draft = draft
        self._rhythm = rhythm
        self._place_text = place_text
        self._preview = Preview()
        self._begun = monotonic()
        self._has_text = False

    async def run(self) -> None:
        """Return when the answer is over and no call is on its way any more."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._show_life())
                group.create_task(self._show_frames())
        except Exception:
            log.exception("growing answer not shown")

    async def _show_life(self) -> None:
        wait = self._rhythm.opening
        while not await happens_within(self._progress.begun, wait) and not self._draft.is_closed:
            await self._draft.show_life()
            wait = max(self._rhythm.waiting, self._draft.rest)

    async def _show_frames(self) -> None:
        shown: Part | None = None
        wait = self._rhythm.keep_alive
        while not self._draft.is_closed:
            has_changed = await self._progress.changed_within(wait)
            if self._progress.closed.is_set():
                return
            started, is_text = monotonic(), isinstance(self._progress.newest, Growing)
            part = self._render()
            pause, wait = (monotonic() - started) * _SHARE, self._rhythm.keep_alive
            is_dying = not has_changed and self._draft.way == "draft"
            if part is not None and (part != shown or is_dying):
                if await self._draft.show(part):
                    shown = part
                    self._note_first_text(is_text=is_text)
                else:
                    wait = 0.0  # what was lost is shown again, or what is newer by then
                pause = max(pause, self._rhythm.between(self._draft.way), self._draft.rest)
            await happens_within(self._progress.closed, pause)

    def _render(self) -> Part | None:
        match self._progress.newest:
            case Queued(place):
                return Part(self._place_text(place), ())
            case Growing(text):
                return self._preview.show(text)
            case _:
                return None

    def _note_first_text(self, *, is_text: bool) -> None:
        if is_text and not self._has_text:
            self._has_text = True
            FIRST_TEXT_SECONDS.observe(monotonic() - self._begun)
