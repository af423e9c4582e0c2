"""The types of a middleware's arguments in aiogram."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram.types import TelegramObject

Data = dict[str, Any]
Handler = Callable[[TelegramObject, Data], Awaitable[Any]]
