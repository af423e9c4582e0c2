"""Sends the frames of a growing answer. One that fails is dropped: the next one comes soon."""

from contextlib import suppress

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNotFound,
    TelegramRetryAfter,
)

from dialogs.kit.markdown import Part
from tgbot.answers.frames import THINKING, DraftFrames, Frames, MessageFrames, type_on
from tgbot.metrics import ANSWER_FRAMES

log = structlog.get_logger(__name__)


class DraftSender:
    """Draws drafts, and messages from the moment that Telegram refuses a draft."""

    def __init__(self, bot: Bot, chat_id: int, *, draft_id: int, stop_label: str) -> None:
        self._bot = bot
        self._chat_id = chat_id
        self._frames: Frames = DraftFrames(bot, chat_id, draft_id)
        self._messages = MessageFrames(bot, chat_id, stop_label)
        self.rest = 0.0
        """Seconds that Telegram asked us to wait, as of the last call."""
        self.is_closed = False
        """The user has blocked the bot or left."""

    @property
    def way(self) -> str:
        return self._frames.way

    async def show_life(self) -> None:
        """Show a sign of life before there is a text."""
        await self.show(THINKING)
        with suppress(TelegramAPIError, ClientDecodeError):
            await type_on(self._bot, self._chat_id)

    async def show(self, part: Part) -> bool:
        """Show a frame; return whether it need not be shown again: it arrived, or was refused."""
        frames = self._frames
        is_shown = is_refused = False
        self.rest = 0.0
        try:
            await frames.show(part)
            is_shown = True
        except (TelegramBadRequest, TelegramNotFound) as error:
            log.info("frame refused", way=frames.way, reason=error.message)
            is_refused, self._frames = True, self._messages
        except TelegramForbiddenError:
            self.is_closed = True
        except TelegramRetryAfter as error:
            self.rest = float(error.retry_after)
        except (TelegramAPIError, ClientDecodeError) as error:
            log.info("frame lost", way=frames.way, reason=type(error).__name__)
        ANSWER_FRAMES.labels(frames.way, "sent" if is_shown else "dropped").inc()
        if frames is not self._frames:
            return await self.show(part)
        return is_shown or is_refused

    async def clear(self) -> None:
        """Remove the frame, which the whole answer has replaced."""
        await self._frames.clear()
