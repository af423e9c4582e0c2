"""Answers in Telegram: each is shown while it grows, and sent when it is whole."""

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramForbiddenError
from aiogram_dialog.api.protocols import BgManagerFactory
from aiogram_i18n.cores import BaseCore
from structlog.contextvars import bound_contextvars

from okno.accounts.dto import Account
from okno.assistant.dto import Answered, Generation, Message
from okno.assistant.service import AnswerGenerator
from okno.kit.errors import OknoError
from okno.kit.nursery import Nursery
from tgbot.answers.answer_sender import AnswerSender
from tgbot.answers.delivery_queue import ChatDeliveryQueue, DeliverySlot
from tgbot.answers.draft_sender import DraftSender
from tgbot.answers.draft_updater import DraftUpdater
from tgbot.answers.rhythm import Rhythm
from tgbot.retry import TRANSIENT_ERRORS

log = structlog.get_logger(__name__)

_MAX_DRAFT_ID = 2**31 - 1


class TelegramAnswers:
    """Implements `dialogs.chat.port.Answers`.

    At shutdown the nursery lets answers end, then cancels them: `InterruptionWatcher` tells their
    users at the next start.
    """

    def __init__(
        self,
        generator: AnswerGenerator,
        windows: BgManagerFactory,
        nursery: Nursery,
        texts: BaseCore[object],
        rhythm: Rhythm,
    ) -> None:
        self._generator = generator
        self._windows = windows
        self._nursery = nursery
        self._texts = texts
        self._rhythm = rhythm
        self._queue = ChatDeliveryQueue()

    def begin(self, bot: Bot, account: Account, generation: Generation) -> None:
        if account.telegram_id is None:
            raise ValueError("an account without a Telegram id has no chat")
        slot = self._queue.join(account.telegram_id)
        work = self._answer(bot, slot, account.language, generation)
        self._nursery.start(work, name=f"showing {generation.id}")

    async def _answer(
        self, bot: Bot, slot: DeliverySlot, locale: str, generation: Generation
    ) -> None:
        draft = DraftSender(
            bot,
            slot.chat_id,
            draft_id=generation.id.int % _MAX_DRAFT_ID + 1,
            stop_label=self._texts.get("button-stop", locale),
        )
        sender = AnswerSender(bot, slot.chat_id, self._windows, self._rhythm)
        about = bound_contextvars(generation=str(generation.id), user_id=generation.user_id)
        with self._queue.held(slot), about:
            end = await self._show(generation, draft, locale)
            if end is not None:
                await slot.wait()
            try:
                if isinstance(end, Message):
                    await sender.send_answer(end)
                elif end is not None:
                    code = end.code if isinstance(end, OknoError) else None
                    await sender.send_failure(generation.question_id, code)
            except TelegramForbiddenError:
                log.info("user can't be reached: the answer is in the history")
            except TRANSIENT_ERRORS as error:
                log.error("answer not delivered", reason=repr(error))  # noqa: TRY400 - no bug of ours
            await draft.clear()

    async def _show(
        self, generation: Generation, draft: DraftSender, locale: str
    ) -> Message | Exception | None:
        """Show the answer while it grows; return it, or the error because of which there is none.

        None: the generation was abandoned, or its user was deleted, so nothing is to be sent.
        """

        def place_text(place: int) -> str:
            text: str = self._texts.get("answer-queued", locale, place=place)
            return text

        try:
            async with self._generator.answer(generation) as progress:
                await DraftUpdater(progress, draft, self._rhythm, place_text).run()
                last = await progress.last()
        except OknoError as error:
            log.info("answer failed", error=str(error))
            return error
        except Exception as error:
            log.exception("answer failed unexpectedly")
            return error
        return last.message if isinstance(last, Answered) else None
