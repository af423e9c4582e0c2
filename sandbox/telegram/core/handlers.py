"""Registers the functions that answer the methods of the Bot API."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from aiogram.methods.base import TelegramMethod

from sandbox.telegram.core.world import World
from sandbox.telegram.wire.registry import MethodClass

Handler: TypeAlias = Callable[[World, Any], Any]
"""Takes the call and returns the `result` of the answer, or raises ApiError."""

HandlerT = TypeVar("HandlerT", bound=Handler)


@dataclass(frozen=True, slots=True)
class Described:
    """A result that Telegram answers together with a description."""

    result: Any
    description: str


_HANDLERS: dict[MethodClass, Handler] = {}


def handles(*methods: MethodClass) -> Callable[[HandlerT], HandlerT]:
    """Register the function for these methods. Raises ValueError for a second function."""

    def register(handler: HandlerT) -> HandlerT:
        for method in methods:
            if method in _HANDLERS:
                raise ValueError(f"{method.__api_method__} has a handler already")
            _HANDLERS[method] = handler
        return handler

    return register


def find_handler(call: TelegramMethod[Any]) -> Handler | None:
    return _HANDLERS.get(type(call))
