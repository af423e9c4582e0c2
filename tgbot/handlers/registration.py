"""Whoever has not finished the registration is led to it, whatever they wrote.

A question is kept by the window and answered as soon as the registration is finished.
"""

from aiogram import Router
from aiogram.types import Message
from aiogram_dialog import DialogManager

from dialogs.home import open_root
from dialogs.states import Registration
from okno.accounts.dto import Account
from tgbot.handlers.questions import is_question


def router() -> Router:
    registration = Router(name="registration")
    registration.message.register(open_registration, _is_new)
    return registration


async def _is_new(_message: Message, account: Account | None) -> bool:
    return account is not None and not account.onboarded


async def open_registration(message: Message, dialog_manager: DialogManager) -> None:
    await open_root(dialog_manager, Registration.language, await _question(message, dialog_manager))


async def _question(message: Message, manager: DialogManager) -> dict[str, str | int] | None:
    if message.text and await is_question(message):
        return {"question": message.text}
    earlier = manager.start_data if manager.has_context() else None
    return earlier if isinstance(earlier, dict) else None
