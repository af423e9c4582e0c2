"""What the windows begin: an answer that is read from the model, shown, and sent at its end."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from functools import partial

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramForbiddenError
from aiogram_dialog.api.protocols import BgManagerFactory
from aiogram_i18n.cores import BaseCore
from structlog.contextvars import bound_contextvars

from okno.accounts.dto import Account
from okno.assistant.dto import Answered, Generation
from okno.assistant.service import AnsweringService
from okno.kit.errors import OknoError
from okno.kit.nursery import Nursery
from tgbot.answers.delivery import Delivery
from tgbot.answers.line import Line, Place
from tgbot.answers.newest import Newest
from tgbot.answers.rhythm import Rhythm
from tgbot.answers.screen import Screen
from tgbot.answers.showing import Showing
from tgbot.retry import TRANSIENT_ERRORS

log = structlog.get_logger(__name__)

_DRAFT_IDS = 2**31 - 1

Deliver = Callable[[], Awaitable[None]]


class TelegramAnswers:
    """Implements `dialogs.chat.port.Answers`.

    At shutdown the nursery lets answers end, then cancels them: `InterruptionWatcher` tells their
    users at the next start.
    """

    def __init__(
        self,
        answering: AnsweringService,
        windows: BgManagerFactory,
        nursery: Nursery,
        texts: BaseCore[object],
        rhythm: Rhythm,
    ) -> None:
        self._answering = answering
        self._windows = windows
        self._nursery = nursery
        self._texts = texts
        self._rhythm = rhythm
        self._line = Line()

    def begin(self, bot: Bot, account: Account, generation: Generation) -> None:
        if account.telegram_id is None:
            raise ValueError("an account without a Telegram id has no chat")
        place = self._line.join(account.telegram_id)
        work = self._run(bot, place, account.language, generation)
        self._nursery.start(work, name=f"showing {generation.id}")

    async def _run(self, bot: Bot, place: Place, locale: str, generation: Generation) -> None:
        screen = Screen(
            bot,
            place.chat_id,
            draft_id=generation.id.int % _DRAFT_IDS + 1,
            stop_label=self._texts.get("button-stop", locale),
        )
        delivery = Delivery(bot, place.chat_id, self._windows, self._rhythm)
        about = bound_contextvars(generation=str(generation.id), user_id=generation.user_id)
        with self._line.held(place), about:
            deliver = await self._show(generation, screen, locale, delivery)
            if deliver is not None:
                await place.turn()
                await _let_arrive(deliver)
            await screen.clear()

    async def _show(
        self, generation: Generation, screen: Screen, locale: str, delivery: Delivery
    ) -> Deliver | None:
        """Show the answer while it grows, and return what is to be sent at its end."""
        newest = Newest()
        showing = Showing(newest, screen, self._rhythm, partial(self._place_text, locale))
        async with asyncio.TaskGroup() as group:
            group.create_task(showing.run())
            try:
                return await self._read(generation, newest, delivery)
            finally:
                newest.end()

    async def _read(
        self, generation: Generation, newest: Newest, delivery: Delivery
    ) -> Deliver | None:
        """Read the answer to its end, and return what is to be sent then.

        Nothing, when it was taken over by somebody else or its user was deleted.
        """
        deliver: Deliver | None = None
        try:
            async with aclosing(self._answering.answer(generation)) as steps:
                async for step in steps:
                    if isinstance(step, Answered):
                        deliver = partial(delivery.send_answer, step.message)
                    else:
                        newest.put(step)
        except OknoError as error:
            log.info("answer failed", error=str(error))
            return partial(delivery.send_failure, generation.question_id, error.code)
        except Exception:
            log.exception("answer failed unexpectedly")
            return deliver or partial(delivery.send_failure, generation.question_id, None)
        return deliver

    def _place_text(self, locale: str, place: int) -> str:
        text: str = self._texts.get("answer-queued", locale, place=place)
        return text


async def _let_arrive(deliver: Deliver) -> None:
    try:
        await deliver()
    except TelegramForbiddenError:
        log.info("user can't be reached: the answer is in the history")
    except TRANSIENT_ERRORS as error:
        log.error("answer not delivered", reason=repr(error))  # noqa: TRY400 - no bug of ours
