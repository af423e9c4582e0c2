"""Whoever has not finished the registration is led to it, whatever they wrote."""

from aiogram import Router
from aiogram.types import Message
from aiogram_dialog import DialogManager

from dialogs.home import go_home
from okno.accounts.dto import Account


def router() -> Router:
    registration = Router(name="registration")
    registration.message.register(open_registration, _is_new)
    return registration


def _is_new(_message: Message, account: Account | None) -> bool:
    return account is not None and not account.onboarded


async def open_registration(
    _message: Message, dialog_manager: DialogManager, account: Account
) -> None:
    await go_home(dialog_manager, account)
