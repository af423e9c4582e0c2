"""One container per update, so that all its handlers, getters and clicks share one unit of work.

dishka's own `setup_dishka` opens a second one for the concrete event, and what a middleware found
out in the first is unknown to the handler.
"""

from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject
from dishka import AsyncContainer
from dishka.integrations.aiogram import CONTAINER_NAME

from tgbot.middlewares.types import Data, Handler


class ScopeMiddleware(BaseMiddleware):
    """Opens the request scope and closes it when the update is done."""

    def __init__(self, container: AsyncContainer) -> None:
        self._container = container

    async def __call__(self, handler: Handler, event: TelegramObject, data: Data) -> Any:  # noqa: ANN401
        async with self._container() as scope:
            data[CONTAINER_NAME] = scope
            return await handler(event, data)
