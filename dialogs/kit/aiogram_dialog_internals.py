"""Everything that Okno relies on of aiogram-dialog beyond its documented interface.

No other module imports more of the library than `aiogram_dialog`, its `widgets` and its
`api.protocols`. `tests/unit/test_aiogram_dialog_internals.py` holds that, and fails when a release
changes something that is used here.
"""

import secrets
from asyncio import Future
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from typing import Any

from aiogram.dispatcher.middlewares.user_context import EventContext
from aiogram.fsm.state import State
from aiogram.types import TelegramObject
from aiogram_dialog import Dialog, Window
from aiogram_dialog.api.entities import DIALOG_EVENT_NAME, Context, DialogUpdate, Stack, stack
from aiogram_dialog.api.entities.update_event import DialogFgEvent
from aiogram_dialog.api.exceptions import OutdatedIntent, UnknownIntent, UnknownState
from aiogram_dialog.api.internal import CONTEXT_KEY
from aiogram_dialog.utils import remove_intent_id

BACKGROUND_UPDATE_TYPE = DIALOG_EVENT_NAME
"""The type of the updates that the library sends to itself. Telegram does not know it."""

STALE_WINDOW_ERRORS = (UnknownIntent, OutdatedIntent, UnknownState)
"""Raised for a window that was closed, has expired or is of another release."""

_STORED = {"aiogd:stack:": Stack, "aiogd:context:": Context}


class ForegroundBlock:
    """A block `async with background.fg()`. To the dispatcher it is an update that lasts as long.

    Its opener waits until the block is entered, whatever becomes of the update.
    """

    def __init__(self, event: DialogFgEvent) -> None:
        self._entered: Future[Any] = event.entered
        self._exited: Future[None] = event.exited

    def refuse(self, error: Exception) -> bool:
        """Raise the error in the opener; return False when the opener does not wait any more."""
        if self._entered.done():
            return False
        self._entered.set_exception(error)
        return True

    def has_raised(self, error: Exception) -> bool:
        """Tell whether the error comes from the block itself, so that its opener has it."""
        exited = self._exited
        return exited.done() and not exited.cancelled() and exited.exception() is error


def foreground_block(event: TelegramObject) -> ForegroundBlock | None:
    if isinstance(event, DialogUpdate) and isinstance(event.event, DialogFgEvent):
        return ForegroundBlock(event.event)
    return None


def is_background_update(event: TelegramObject) -> bool:
    """Tell whether the library has made the update. Its user has an id and no names."""
    return isinstance(event, DialogUpdate)


def background_context(event: TelegramObject) -> EventContext | None:
    """Return the chat and user of a background update, which aiogram does not find."""
    if not isinstance(event, DialogUpdate):
        return None
    inner = event.event
    return EventContext(
        chat=inner.chat,
        user=inner.from_user,
        thread_id=inner.thread_id,
        business_connection_id=inner.business_connection_id,
    )


def open_state(middleware_data: Mapping[str, Any]) -> State | None:
    """Return the state of the open window in a filter: it runs before there is a manager."""
    context: Context | None = middleware_data.get(CONTEXT_KEY)
    return None if context is None else context.state


def states_with_input(dialogs: Iterable[Dialog]) -> frozenset[State]:
    """Return the states whose windows take messages.

    An input with a filter counts, too: a text that its window refuses must not become a question
    that costs money.
    """
    return frozenset(
        state
        for dialog in dialogs
        for state, window in dialog.windows.items()
        if isinstance(window, Window) and window.on_message is not None
    )


def split_callback_data(callback_data: str | None) -> tuple[str | None, str]:
    """Return the id of the window that a button belongs to, None for no window, and its data."""
    return remove_intent_id(callback_data or "")


def is_readable(destiny: str, stored: Mapping[str, Any]) -> bool:
    """Tell whether the library can make a stack or a context of what is stored under `destiny`."""
    shape = next((kind for prefix, kind in _STORED.items() if destiny.startswith(prefix)), None)
    if shape is None:
        return True
    known = {field.name for field in fields(shape)}
    needed = {
        field.name
        for field in fields(shape)
        if field.default is MISSING and field.default_factory is MISSING
    }
    return needed <= stored.keys() <= known


def new_window_id() -> str:
    """Return eight random characters: callback data has room for 64 bytes."""
    return secrets.token_urlsafe(6)


def use_unique_window_ids() -> None:
    """Replace the library's ids of windows ("intents"), for which it has no setting.

    It makes an id of the present second and one of a hundred random numbers. Of two windows that
    are opened within a second, one pair in a hundred shares its id: the second window is then drawn
    twice, and a button of the first one passes for a button of the second.
    """
    stack.new_id = new_window_id
