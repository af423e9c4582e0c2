"""Stops the answer that is being written: by the button of its draft or of its message."""

from aiogram import F, Router
from aiogram.enums import ChatType
from aiogram.types import CallbackQuery, MessageGenerationStopped
from aiogram_i18n import I18nContext
from dishka import FromDishka
from dishka.integrations.aiogram import inject

from dialogs.kit.clicks import answer_click
from okno.accounts.dto import Account
from okno.accounts.service import AccountsService
from okno.assistant.service import QuestionsService


def router() -> Router:
    stop = Router(name="stop")
    stop.stopped_message_generation.register(stop_by_draft, F.chat.type == ChatType.PRIVATE)
    stop.callback_query.register(stop_by_button, F.data == "stop", _is_known)
    return stop


async def _is_known(_callback: CallbackQuery, account: Account | None) -> bool:
    return account is not None


@inject
async def stop_by_draft(
    event: MessageGenerationStopped,
    accounts: FromDishka[AccountsService],
    questions: FromDishka[QuestionsService],
) -> None:
    """Find the user by the chat, which is all that Telegram names: a private one has its id."""
    account = await accounts.find(event.chat.id)
    if account is not None:
        await questions.stop(account.actor)


@inject
async def stop_by_button(
    callback: CallbackQuery,
    account: Account,
    i18n: I18nContext,
    questions: FromDishka[QuestionsService],
) -> None:
    stopped = await questions.stop(account.actor)
    await answer_click(callback, i18n.get("answer-stopping" if stopped else "answer-ended"))
