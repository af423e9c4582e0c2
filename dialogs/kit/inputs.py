"""Finds the windows that wait for a text."""

from collections.abc import Iterable

from aiogram.fsm.state import State
from aiogram_dialog import Dialog, Window


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
