"""Blocks of code in the foreground of a chat, as `tgbot.background` opens them.

When the update of a block fails on its way, aiogram-dialog lets the opener wait for ever; and it
also gives what the block itself raises to the handlers of errors, though the opener has it.
"""

import structlog
from aiogram import BaseMiddleware
from aiogram.types import TelegramObject

from dialogs.kit.aiogram_dialog_internals import STALE_WINDOW_ERRORS, foreground_block
from tgbot.middlewares.types import Data, Handler

log = structlog.get_logger(__name__)


class NotEnteredError(Exception):
    """The update of a block ended before the block was entered."""


class ForegroundMiddleware(BaseMiddleware):
    """Stands before all others, so that an error in any of them reaches the opener."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: Data) -> object:
        block = foreground_block(event)
        if block is None:
            return await handler(event, data)
        try:
            await handler(event, data)
        except STALE_WINDOW_ERRORS as error:
            block.refuse(error)
            raise  # the handlers of errors mend the windows
        except Exception as error:  # noqa: BLE001 - the opener gets it
            if not block.refuse(error) and not block.has_raised(error):
                log.error("state of a window not kept", reason=repr(error))  # noqa: TRY400
        else:
            block.refuse(NotEnteredError())
        return None
