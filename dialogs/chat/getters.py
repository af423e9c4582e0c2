"""Reads the data of the chat window: the current conversation at this moment."""

from enum import StrEnum
from typing import Any

from aiogram_dialog import DialogManager
from aiogram_i18n import I18nContext
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from dialogs.chat.failures import failure_text
from dialogs.kit.markdown import render, to_html
from okno.accounts.dto import Account
from okno.assistant.dto import ChatView, Message, MessageStatus
from okno.assistant.service import ConversationsService
from okno.kit.errors import ErrorKind
from okno.llm.service import LanguageModels

CHAT_VIEW = "chat_view"
"""In the middleware data: the view of the chat, where it was read under the lock of the user."""


class Phase(StrEnum):
    """The progress of the current conversation."""

    EMPTY = "empty"
    RUNNING = "running"
    FAILED = "failed"
    ANSWERED = "answered"


@inject
async def get_chat(
    account: Account,
    i18n: I18nContext,
    conversations: FromDishka[ConversationsService],
    models: FromDishka[LanguageModels],
    chat_view: ChatView | None = None,
    **_: object,
) -> dict[str, Any]:
    view = chat_view or await conversations.view(account.actor)
    phase = phase_of(view)
    failure = view.question.failure if phase is Phase.FAILED and view.question else None
    return {
        "phase": phase,
        "name": account.first_name,
        "model": models.model(view.model).names[account.language],
        "persona": models.persona(view.persona).names[account.language],
        "answer": _last_part(view.answer, i18n) if view.answer else "",
        "failure": failure_text(i18n, failure) if phase is Phase.FAILED else "",
        "is_empty": phase is Phase.EMPTY,
        "is_running": phase is Phase.RUNNING,
        "is_cut": phase is Phase.ANSWERED and _is_cut(view.answer),
        "is_failed": phase is Phase.FAILED,
        "may_begin_anew": phase in {Phase.FAILED, Phase.ANSWERED},
        "may_reset": phase is Phase.ANSWERED and not view.is_context_empty,
    }


async def get_refusal(
    dialog_manager: DialogManager, i18n: I18nContext, **_: object
) -> dict[str, Any]:
    """Read the refusal from the `start_data` of the window; without it nothing is known."""
    data = dialog_manager.start_data
    refusal = data if isinstance(data, dict) else {}
    values = {name[1:]: value for name, value in refusal.items() if name.startswith("$")}
    kind = refusal.get("kind")
    return {
        "refusal": failure_text(i18n, refusal.get("code"), **values),
        "must_pay": kind == ErrorKind.PAYMENT_REQUIRED,
        "may_retry": "question" in refusal and kind != ErrorKind.INVALID,
    }


def phase_of(view: ChatView) -> Phase:
    if view.is_running:
        return Phase.RUNNING
    if view.question is None:
        return Phase.EMPTY
    return Phase.FAILED if view.answer is None else Phase.ANSWERED


def _is_cut(answer: Message | None) -> bool:
    return answer is not None and answer.status in {MessageStatus.TRUNCATED, MessageStatus.STOPPED}


def _last_part(answer: Message, i18n: I18nContext) -> str:
    parts = render(answer.text)
    return to_html(parts[-1]) if parts else i18n.get("chat-answer-empty")
