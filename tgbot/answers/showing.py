"""Showing an answer while it grows: the newest frame, as often as Telegram likes it.

The first text waits for nothing, not even for the sign of life that is on its way.
"""

import asyncio
from collections.abc import Callable
from time import monotonic

import structlog

from dialogs.kit.markdown import Part, Preview
from okno.assistant.dto import Growing
from okno.llm.dto import Queued
from tgbot.answers.newest import Newest, happens_within
from tgbot.answers.rhythm import Rhythm
from tgbot.answers.screen import Screen
from tgbot.metrics import FIRST_TEXT_SECONDS

log = structlog.get_logger(__name__)

_SHARE = 20
"""A frame that took long to render is followed by a pause so many times as long."""


class Showing:
    """Reads along until the answer is over. It never fails: the answer matters more."""

    def __init__(
        self, newest: Newest, screen: Screen, rhythm: Rhythm, place_text: Callable[[int], str]
    ) -> None:
        self._newest = newest
        self._screen = screen
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
        while not await happens_within(self._newest.begun, wait) and not self._screen.is_closed:
            await self._screen.show_life()
            wait = max(self._rhythm.waiting, self._screen.rest)

    async def _show_frames(self) -> None:
        shown: Part | None = None
        wait = self._rhythm.keep_alive
        while not self._screen.is_closed:
            has_changed = await self._newest.changed_within(wait)
            if self._newest.over.is_set():
                return
            started, is_text = monotonic(), isinstance(self._newest.progress, Growing)
            part = self._render()
            pause, wait = (monotonic() - started) * _SHARE, self._rhythm.keep_alive
            is_dying = not has_changed and self._screen.way == "draft"
            if part is not None and (part != shown or is_dying):
                if await self._screen.show(part):
                    shown = part
                    self._note_first_text(is_text=is_text)
                else:
                    wait = 0.0  # what was lost is shown again, or what is newer by then
                pause = max(pause, self._rhythm.between(self._screen.way), self._screen.rest)
            await happens_within(self._newest.over, pause)

    def _render(self) -> Part | None:
        progress = self._newest.progress
        if isinstance(progress, Queued):
            return Part(self._place_text(progress.place), ())
        return None if progress is None else self._preview.show(progress.text)

    def _note_first_text(self, *, is_text: bool) -> None:
        if is_text and not self._has_text:
            self._has_text = True
            FIRST_TEXT_SECONDS.observe(monotonic() - self._begun)
