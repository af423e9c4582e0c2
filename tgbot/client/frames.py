"""Calls that show a growing answer where drafts are refused. They are never repeated."""

from collections.abc import Sequence

from aiogram.methods import EditMessageText, SendMessage
from aiogram.types import InlineKeyboardMarkup, LinkPreviewOptions, MessageEntity

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class SendFrame(SendMessage):
    """The first frame."""

    def __init__(
        self,
        chat_id: int,
        text: str,
        entities: Sequence[MessageEntity],
        keyboard: InlineKeyboardMarkup,
    ) -> None:
        super().__init__(
            chat_id=chat_id,
            text=text,
            entities=list(entities),
            parse_mode=None,
            link_preview_options=NO_PREVIEW,
            reply_markup=keyboard,
        )


class EditFrame(EditMessageText):
    """A further frame in its place."""

    def __init__(
        self,
        chat_id: int,
        message_id: int,
        text: str,
        entities: Sequence[MessageEntity],
        keyboard: InlineKeyboardMarkup,
    ) -> None:
        super().__init__(
            chat_id=chat_id,
            message_id=message_id,
            text=text,
            entities=list(entities),
            parse_mode=None,
            link_preview_options=NO_PREVIEW,
            reply_markup=keyboard,
        )
