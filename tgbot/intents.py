"""Ids of open windows that do not repeat.

aiogram-dialog makes such an id of the present second and one of a hundred random numbers. Of two
windows that are opened within a second, one pair in a hundred shares its id: the second window is
then drawn twice, and a button of the first one passes for a button of the second.
"""

import secrets

from aiogram_dialog.api.entities import stack


def new_intent_id() -> str:
    """Return eight characters: callback data has room for 64 bytes."""
    return secrets.token_urlsafe(6)


def use_unique_intents() -> None:
    """Replace the library's function, for which it has no setting."""
    stack.new_id = new_intent_id
