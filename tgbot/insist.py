"""What has to arrive at Telegram is tried again, and not without end."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

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

LONGEST_REST = 120
"""Seconds that Telegram may ask for; a longer ban is given up."""

PASSING = (
    *(TelegramAPIError, ClientDecodeError, TimeoutError),
    *OUTAGES,
    *STALE_WINDOW_ERRORS,
    NotEnteredError,
)
"""What a further attempt may find mended."""

Step = Callable[[], Awaitable[None]]


async def insist(
    step: Step,
    pauses: Sequence[float],
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Take the step, and again after each of the pauses (seconds) as long as it fails.

    Raises `TelegramForbiddenError` at once when the user is gone, and one of `PASSING`, the last
    one, when the step was never taken.
    """
    for pause in pauses:
        try:
            return await step()
        except TelegramForbiddenError:
            raise
        except TelegramRetryAfter as error:
            if error.retry_after > LONGEST_REST:
                raise
            rest = max(pause, error.retry_after)
        except PASSING as error:
            log.warning("not sent yet", reason=repr(error))
            rest = pause
        await sleep(rest)
    return await step()
