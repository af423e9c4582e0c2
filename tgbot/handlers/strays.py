"""What belongs to no window: an answer all the same.

Stands before the dialogs: an open one would take it, and redraw itself without a word.
"""

from aiogram import F, Router
from aiogram.enums import ChatType, ContentType
from aiogram.types import CallbackQuery, Message
from aiogram_dialog import DialogManager
from aiogram_i18n import I18nContext

from dialogs.home import go_home
from dialogs.kit.aiogram_dialog_internals import split_callback_data
from dialogs.kit.clicks import answer_click
from okno.accounts.dto import Account
from tgbot.handlers.questions import looks_like_command

UNREADABLE = {
    ContentType.VOICE: "voice",
    ContentType.AUDIO: "audio",
    ContentType.VIDEO: "video",
    ContentType.VIDEO_NOTE: "video",
    ContentType.ANIMATION: "animation",
    ContentType.PHOTO: "photo",
    ContentType.LIVE_PHOTO: "photo",
    ContentType.DOCUMENT: "document",
    ContentType.STICKER: "sticker",
    ContentType.LOCATION: "location",
    ContentType.VENUE: "location",
    ContentType.CONTACT: "contact",
    ContentType.POLL: "poll",
    ContentType.DICE: "dice",
    ContentType.GAME: "unknown",
    ContentType.STORY: "unknown",
    ContentType.CHECKLIST: "unknown",
    ContentType.PAID_MEDIA: "unknown",
    ContentType.RICH_MESSAGE: "unknown",
    ContentType.UNKNOWN: "unknown",
}
"""What people send, by the word for it in the locales; the rest is what Telegram itself notes."""


def router() -> Router:
    strays = Router(name="strays")
    strays.message.register(refuse_command, F.text.func(looks_like_command))
    strays.message.register(refuse_media, F.content_type.in_(UNREADABLE))
    strays.message.register(stay_silent, ~F.text)
    strays.callback_query.register(answer_stranger, _is_stranger)
    strays.callback_query.register(answer_only, ~F.message.chat.type.in_({ChatType.PRIVATE}))
    strays.callback_query.register(answer_stray_button, _is_of_no_window)
    return strays


async def _is_stranger(_callback: CallbackQuery, account: Account | None) -> bool:
    return account is None


async def _is_of_no_window(callback: CallbackQuery) -> bool:
    window_id, _ = split_callback_data(callback.data)
    return window_id is None


async def refuse_command(message: Message, i18n: I18nContext) -> None:
    await message.answer(i18n.get("command-unknown"))


async def refuse_media(message: Message, dialog_manager: DialogManager, i18n: I18nContext) -> None:
    """Say kindly that only text can be read; once for an album, which comes as many messages."""
    album = message.media_group_id
    stack = dialog_manager.current_stack()
    if album is not None and album == stack.last_income_media_group_id:
        return
    stack.last_income_media_group_id = album
    kind = UNREADABLE[ContentType(message.content_type)]
    text = "yes" if message.caption else "no"
    await message.answer(i18n.get("media-refused", kind=kind, text=text))


async def stay_silent(_message: Message) -> None:
    """Keep from the windows what Telegram notes in the chat: a pinned message, a new background."""


async def answer_stranger(callback: CallbackQuery, i18n: I18nContext) -> None:
    """Ask whoever is not registered, or no longer, to begin: a button registers nobody."""
    await answer_click(callback, i18n.get("unknown-user"), show_alert=True)


async def answer_only(callback: CallbackQuery, i18n: I18nContext) -> None:
    """Open nobody's own windows in a group or in another chat."""
    await answer_click(callback, i18n.get("window-outdated"))


async def answer_stray_button(
    callback: CallbackQuery, dialog_manager: DialogManager, account: Account, i18n: I18nContext
) -> None:
    """Answer a button that another program has made with the same token."""
    await answer_click(callback, i18n.get("window-outdated"))
    await go_home(dialog_manager, account)
