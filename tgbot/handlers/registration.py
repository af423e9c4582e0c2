"""Whoever has not finished the registration is led to it, whatever they wrote.

Questions are kept by the window and answered as soon as the registration is finished; so is the
code of a link that was opened.
"""

from aiogram import Router
from aiogram.types import Message
from aiogram_dialog import DialogManager

from dialogs.home import open_root
from dialogs.registration.states import Registration
from dialogs.registration.waiting import Waiting
from okno.accounts.dto import Account
from tgbot.handlers.joining import code_in
from tgbot.handlers.questions import is_question


def router() -> Router:
    registration = Router(name="registration")
    registration.message.register(open_registration, _is_new)
    return registration


async def _is_new(_message: Message, account: Account | None) -> bool:
    return account is not None and not account.onboarded


async def open_registration(message: Message, dialog_manager: DialogManager) -> None:
    waiting = Waiting.of(dialog_manager)
    if code := code_in(message.text):
        waiting = waiting.joins(code)
    elif message.text and await is_question(message):
        waiting = waiting.asks(message.text)
    await open_root(dialog_manager, Registration.language, waiting.to_data())
