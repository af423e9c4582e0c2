"""The ways to show a growing answer: as a draft, or where drafts are refused as a message."""

from contextlib import suppress
from typing import Protocol

from aiogram import Bot
from aiogram.enums import ChatAction
from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from aiogram.methods import SendChatAction, SendMessageDraft
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from dialogs.kit.markdown import Part
from tgbot.client.frames import EditFrame, SendFrame

CALL_SECONDS = 5
"""For one call: the end of the answer waits for it, so that no frame comes after it."""
THINKING = Part("", ())
"""A draft without a text: Telegram shows its own placeholder."""
STOP = "stop"
"""The data of the button under a message."""


class Frames(Protocol):
    """Shows one frame after the other. Raises the errors of the Bot API."""

    way: str

    async def show(self, part: Part) -> None: ...

    async def clear(self) -> None:
        """Remove the frame, which the whole answer has replaced."""
        ...


class DraftFrames:
    """One draft, whose changes clients animate. It goes with the next message."""

    way = "draft"

    def __init__(self, bot: Bot, chat_id: int, draft_id: int) -> None:
        self._bot = bot
        self._chat_id = chat_id
        self._draft_id = draft_id

    async def show(self, part: Part) -> None:
        draft = SendMessageDraft(
            chat_id=self._chat_id,
            draft_id=self._draft_id,
            text=part.text,
            entities=list(part.entities),
            parse_mode=None,
            can_stop=True,
            keep_on_stop=True,
        )
        await self._bot(draft, request_timeout=CALL_SECONDS)

    async def clear(self) -> None:
        """The next message has removed the draft."""


class MessageFrames:
    """One message that is edited, with a Stop button."""

    way = "edit"

    def __init__(self, bot: Bot, chat_id: int, stop_label: str) -> None:
        self._bot = bot
        self._chat_id = chat_id
        self._message_id: int | None = None
        button = InlineKeyboardButton(text=stop_label, callback_data=STOP)
        self._keyboard = InlineKeyboardMarkup(inline_keyboard=[[button]])

    async def show(self, part: Part) -> None:
        if part == THINKING:
            return  # the chat action says so
        where, what = self._chat_id, (part.text, part.entities, self._keyboard)
        if self._message_id is None:
            sent = await self._bot(SendFrame(where, *what), request_timeout=CALL_SECONDS)
            self._message_id = sent.message_id
        else:
            edit = EditFrame(where, self._message_id, *what)
            await self._bot(edit, request_timeout=CALL_SECONDS)

    async def clear(self) -> None:
        if self._message_id is not None:
            with suppress(TelegramAPIError, ClientDecodeError):  # the user may have been faster
                await self._bot.delete_message(self._chat_id, self._message_id)


async def type_on(bot: Bot, chat_id: int) -> None:
    """Show "typing…"."""
    action = SendChatAction(chat_id=chat_id, action=ChatAction.TYPING)
    await bot(action, request_timeout=CALL_SECONDS)
