"""What belongs to no window: an answer all the same.

Stands before the dialogs: an open one would take it, and redraw itself without a word.
"""

from aiogram import F, Router
from aiogram.enums import ChatType
from aiogram.types import CallbackQuery, Message
from aiogram_dialog import DialogManager
from aiogram_dialog.utils import remove_intent_id
from aiogram_i18n import I18nContext

from dialogs.home import go_home
from okno.accounts.dto import Account
from tgbot.replies import answer_quietly


def router() -> Router:
    strays = Router(name="strays")
    strays.message.register(show_the_way)
    strays.callback_query.register(answer_stranger, _is_stranger)
    strays.callback_query.register(answer_only, ~F.message.chat.type.in_({ChatType.PRIVATE}))
    strays.callback_query.register(answer_stray_button, _is_of_no_window)
    return strays


def _is_stranger(_callback: CallbackQuery, account: Account | None) -> bool:
    return account is None


def _is_of_no_window(callback: CallbackQuery) -> bool:
    intent_id, _ = remove_intent_id(callback.data or "")
    return intent_id is None


async def show_the_way(
    message: Message, dialog_manager: DialogManager, account: Account, i18n: I18nContext
) -> None:
    """Say that this can't be handled yet, and show the menu."""
    await message.answer(i18n.get("not-understood"))
    await go_home(dialog_manager, account)


async def answer_stranger(callback: CallbackQuery, i18n: I18nContext) -> None:
    """Ask whoever is not registered, or no longer, to begin: a button registers nobody."""
    await answer_quietly(callback, i18n.get("unknown-user"), show_alert=True)


async def answer_only(callback: CallbackQuery, i18n: I18nContext) -> None:
    """Open nobody's own windows in a group or in another chat."""
    await answer_quietly(callback, i18n.get("window-outdated"))


async def answer_stray_button(
    callback: CallbackQuery, dialog_manager: DialogManager, account: Account, i18n: I18nContext
) -> None:
    """Answer a button that another program has made with the same token."""
    await answer_quietly(callback, i18n.get("window-outdated"))
    await go_home(dialog_manager, account)
