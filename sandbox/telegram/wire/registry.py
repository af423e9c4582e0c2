"""All methods of the Bot API by their names in lower case: Telegram ignores the case."""

from typing import Any, Final, TypeAlias

from aiogram import methods
from aiogram.methods.base import TelegramMethod

from sandbox.telegram.errors import not_found

MethodClass: TypeAlias = type[TelegramMethod[Any]]


def _collect() -> dict[str, MethodClass]:
    classes = (item for item in vars(methods).values() if isinstance(item, type))
    return {
        item.__api_method__.lower(): item
        for item in classes
        if issubclass(item, TelegramMethod) and item is not TelegramMethod
    }


METHODS: Final = _collect()


def find_method(name: str) -> MethodClass:
    method = METHODS.get(name.lower())
    if method is None:
        raise not_found("method not found")
    return method


def returns_bool(method: MethodClass) -> bool:
    """Return whether the method returns a bool: the emulator can answer `true` to any of these."""
    return method.__returning__ is bool
