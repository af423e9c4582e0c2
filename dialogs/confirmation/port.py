"""The port of the bot that opens the window of a confirmation."""

from typing import Protocol
from uuid import UUID

from aiogram import Bot


class ConfirmationWindows(Protocol):
    """Opens windows outside the handlers; in the middleware data as `confirmation_windows`."""

    def show(self, bot: Bot, telegram_id: int, confirmation_id: UUID) -> None:
        """Send the window of a confirmation soon, and return at once."""
        ...
