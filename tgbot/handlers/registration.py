"""Leads users who have not finished the registration to it, whatever they write.

The window keeps their questions, and the code of a link that they have opened. Both are used as
soon as the registration is finished.
"""

from aiogram import Router
from aiogram.types import Message
from aiogram_dialog import DialogManager

from dialogs.home import open_root
from dialogs.registration.pending_input import PendingInput
from dialogs.registration.states import Registration
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
    pending = PendingInput.of(dialog_manager)
    if code := code_in(message.text):
        pending = pending.with_code(code)
    elif message.text and await is_question(message):
        pending = pending.with_question(message.text)
    await open_root(dialog_manager, Registration.language, pending.to_data())
