"""Opens windows from the background: under the user's lock, for a bounded time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiogram import Bot
from aiogram_dialog import DialogManager
from aiogram_dialog.api.protocols import BgManagerFactory


class _BlockCancelled(Exception):
    """Takes the place of a cancellation on its way through aiogram-dialog."""


@asynccontextmanager
async def user_locked(
    windows: BgManagerFactory,
    bot: Bot,
    chat_id: int,
    seconds: float,
    stack_id: str | None = None,
) -> AsyncIterator[DialogManager]:
    """Yield the manager of a private chat; `stack_id`: a stack beside the one of the open window.

    Raises `TimeoutError`, and the errors of the update itself: see `middlewares.foreground`.

    The library releases the lock when the block ends or raises an `Exception`, but not when it is
    cancelled: the user would wait for minutes. So a cancellation is turned into an `Exception`.
    """
    limit = asyncio.timeout(seconds)
    try:
        async with limit, windows.bg(bot, chat_id, chat_id, stack_id).fg() as manager:
            try:
                yield manager
            except asyncio.CancelledError as error:
                raise _BlockCancelled from error
    except _BlockCancelled as error:
        raise TimeoutError if limit.expired() else asyncio.CancelledError from error
