"""Reads with its type the data that the middlewares hand to the windows."""

from aiogram import Bot
from aiogram_dialog import DialogManager
from aiogram_i18n import I18nContext


def bot_of(manager: DialogManager) -> Bot:
    bot: Bot = manager.middleware_data["bot"]
    return bot


def chat_id_of(manager: DialogManager) -> int:
    chat_id: int = manager.middleware_data["event_chat"].id
    return chat_id


def i18n_of(manager: DialogManager) -> I18nContext:
    """Return the texts in the language of the user."""
    i18n: I18nContext = manager.middleware_data["i18n"]
    return i18n
