"""The shape of a handler as aiogram gives it to a middleware."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram.types import TelegramObject

Data = dict[str, Any]
Handler = Callable[[TelegramObject, Data], Awaitable[Any]]
