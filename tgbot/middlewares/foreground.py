"""Blocks of code in the foreground of a chat, as `tgbot.background` opens them.

To aiogram-dialog such a block is an update that lasts as long as the block. When it fails on its
way, the library lets the opener wait for ever; and what the block itself raises, which the opener
gets and deals with, it would also hand to the handlers of errors.
"""

from asyncio import Future
from typing import Any

import structlog
from aiogram import BaseMiddleware
from aiogram.types import TelegramObject
from aiogram_dialog.api.entities import DialogUpdate
from aiogram_dialog.api.entities.update_event import DialogFgEvent
from aiogram_dialog.api.exceptions import OutdatedIntent, UnknownIntent, UnknownState

from tgbot.middlewares.types import Data, Handler

log = structlog.get_logger(__name__)

STALE = (UnknownIntent, OutdatedIntent, UnknownState)
"""The windows of the chat are not what they were: the handlers of errors mend them."""


class NotEnteredError(Exception):
    """The update of a block ended before it came to the block."""


def foreground(event: TelegramObject) -> DialogFgEvent | None:
    """Return the block that the update stands for."""
    if isinstance(event, DialogUpdate) and isinstance(event.event, DialogFgEvent):
        return event.event
    return None


class ForegroundMiddleware(BaseMiddleware):
    """Stands before all others: whatever goes wrong in them reaches the opener."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: Data) -> Any:  # noqa: ANN401
        block = foreground(event)
        if block is None:
            return await handler(event, data)
        try:
            await handler(event, data)
        except STALE as error:
            _refuse(block, error)
            raise
        except Exception as error:  # noqa: BLE001 - the opener gets it
            if not _refuse(block, error) and _error_of(block.exited) is not error:
                log.error("state of a window not kept", reason=repr(error))  # noqa: TRY400
        else:
            _refuse(block, NotEnteredError())
        return None


def _refuse(block: DialogFgEvent, error: Exception) -> bool:
    """Let the opener have the error; False when the block was entered, or is not waited for."""
    if block.entered.done():
        return False
    block.entered.set_exception(error)
    return True


def _error_of(future: Future[None]) -> BaseException | None:
    return future.exception() if future.done() and not future.cancelled() else None
