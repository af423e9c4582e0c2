"""Pre-checkout queries: Telegram drops the payment after ten seconds without an answer.

So they wait for no other update of their user, take no lock, and end in time. An error also becomes
an answer that the payer reads.
"""

import asyncio

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject, Update

from okno.kit.errors import TemporarilyUnavailable
from tgbot.middlewares.types import Data, Handler

CHECKOUT_SECONDS = 6.0
"""The check may take so long; the rest of the ten seconds is for sending the answer."""


def is_checkout(event: TelegramObject) -> bool:
    return isinstance(event, Update) and event.pre_checkout_query is not None


class CheckoutMiddleware(BaseMiddleware):
    """Raises `TemporarilyUnavailable` when a check takes too long."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: Data) -> object:
        if not is_checkout(event):
            return await handler(event, data)
        try:
            async with asyncio.timeout(CHECKOUT_SECONDS):
                return await handler(event, data)
        except TimeoutError as error:
            raise TemporarilyUnavailable from error


class ExceptCheckouts(BaseMiddleware):
    """Applies another middleware to all updates but checkouts."""

    def __init__(self, middleware: BaseMiddleware) -> None:
        self._middleware = middleware

    async def __call__(self, handler: Handler, event: TelegramObject, data: Data) -> object:
        if is_checkout(event):
            return await handler(event, data)
        return await self._middleware(handler, event, data)
