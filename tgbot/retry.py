"""The errors after which something that has to arrive at Telegram is sent again.

The pauses and the number of attempts are stamina's: see `Rhythm.retry`.
"""

import structlog
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramForbiddenError,
    TelegramRetryAfter,
)

from dialogs.kit.aiogram_dialog_internals import STALE_WINDOW_ERRORS
from tgbot.middlewares.foreground import NotEnteredError
from tgbot.middlewares.outage import OUTAGES

log = structlog.get_logger(__name__)

MAX_RETRY_AFTER_SECONDS = 120
"""Telegram may ask for a pause of this length; a longer ban is given up."""

TRANSIENT_ERRORS = (
    *(TelegramAPIError, ClientDecodeError, TimeoutError),
    *OUTAGES,
    *STALE_WINDOW_ERRORS,
    NotEnteredError,
)


def wait_before_sending_again(error: Exception) -> bool | float:
    """Tell stamina whether to try again, or after how many seconds if Telegram names them."""
    if isinstance(error, TelegramForbiddenError):
        return False  # the user is gone
    if isinstance(error, TelegramRetryAfter):
        return error.retry_after <= MAX_RETRY_AFTER_SECONDS and float(error.retry_after)
    if not isinstance(error, TRANSIENT_ERRORS):
        return False
    log.warning("not sent yet", reason=repr(error))
    return True
