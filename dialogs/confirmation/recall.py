"""Which confirmation a button decides, told by the button itself.

When Redis has lost the window, its buttons still say what they are about, and it is opened anew.
"""

import re
from uuid import UUID

from aiogram_dialog.utils import remove_intent_id

CONFIRM = "confirm"
REFUSE = "refuse"
"""The ids of the buttons."""

_BUTTON = re.compile(rf"(?:{CONFIRM}|{REFUSE}):([0-9a-f]{{32}})")


def confirmation_of(callback_data: str | None) -> UUID | None:
    """Return the confirmation that a button belongs to; None for any other button."""
    _, button = remove_intent_id(callback_data or "")
    found = _BUTTON.fullmatch(button)
    return UUID(found[1]) if found else None
