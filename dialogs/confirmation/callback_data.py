"""Reads from a button which confirmation it decides.

When Redis has lost the window, its buttons still name the confirmation, and it is opened anew.
"""

import re
from uuid import UUID

from dialogs.kit.aiogram_dialog_internals import split_callback_data

CONFIRM = "confirm"
REFUSE = "refuse"
"""The ids of the buttons."""

_BUTTON = re.compile(rf"(?:{CONFIRM}|{REFUSE}):([0-9a-f]{{32}})")


def confirmation_of(callback_data: str | None) -> UUID | None:
    """Return the confirmation that a button belongs to; None for any other button."""
    _, button = split_callback_data(callback_data)
    found = _BUTTON.fullmatch(button)
    return UUID(found[1]) if found else None
