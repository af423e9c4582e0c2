"""Answers messages and clicks that no window can use.

This router stands before the dialogs: an open one would take them and only redraw itself.
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

MEDIA_WORDS = {
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
"""The kinds of messages that people send, by their word in the locales."""


def router() -> Router:
    fallbacks = Router(name="fallbacks")
    fallbacks.message.register(refuse_command, F.text.func(looks_like_command))
    fallbacks.message.register(refuse_media, F.content_type.in_(MEDIA_WORDS))
    fallbacks.message.register(stay_silent, ~F.text)
    fallbacks.callback_query.register(answer_unknown_user, _is_unknown)
    fallbacks.callback_query.register(
        answer_click_in_group, ~F.message.chat.type.in_({ChatType.PRIVATE})
    )
    fallbacks.callback_query.register(answer_foreign_button, _is_of_no_window)
    return fallbacks


async def _is_unknown(_callback: CallbackQuery, account: Account | None) -> bool:
    return account is None


async def _is_of_no_window(callback: CallbackQuery) -> bool:
    window_id, _ = split_callback_data(callback.data)
    return window_id is None


async def refuse_command(message: Message, i18n: I18nContext) -> None:
    await message.answer(i18n.get("command-unknown"))


async def refuse_media(message: Message, dialog_manager: DialogManager, i18n: I18nContext) -> None:
    """Say that only text can be read; once for an album, which comes as many messages."""
    album = message.media_group_id
    stack = dialog_manager.current_stack()
    if album is not None and album == stack.last_income_media_group_id:
        return
    stack.last_income_media_group_id = album
    kind = MEDIA_WORDS[ContentType(message.content_type)]
    text = "yes" if message.caption else "no"
    await message.answer(i18n.get("media-refused", kind=kind, text=text))


async def stay_silent(_message: Message) -> None:
    """Keep service messages away from the windows: a pinned message, a new background."""


async def answer_unknown_user(callback: CallbackQuery, i18n: I18nContext) -> None:
    """Ask an unknown user to begin: a click registers nobody."""
    await answer_click(callback, i18n.get("unknown-user"), show_alert=True)


async def answer_click_in_group(callback: CallbackQuery, i18n: I18nContext) -> None:
    """Answer a click in a group and open nothing: windows belong into private chats."""
    await answer_click(callback, i18n.get("window-outdated"))


async def answer_foreign_button(
    callback: CallbackQuery, dialog_manager: DialogManager, account: Account, i18n: I18nContext
) -> None:
    """Answer a button that another program has sent with the same token."""
    await answer_click(callback, i18n.get("window-outdated"))
    await go_home(dialog_manager, account)
