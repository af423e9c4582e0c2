"""Reads the data of the windows of the history."""

from typing import Any

from aiogram_dialog import DialogManager
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from dialogs.history.dialog_data import (
    CONVERSATIONS,
    EXCHANGES,
    MAX_TITLE,
    RESULTS,
    Hit,
    conversation_id,
    is_title_refused,
    query,
    was_searched,
)
from dialogs.history.exchange import show_answer, show_question
from dialogs.kit.pages import page_number, page_of, turn_to
from okno.accounts.dto import Account
from okno.assistant.dto import Exchange
from okno.assistant.errors import ConversationNotFound
from okno.assistant.service import ConversationsService
from okno.kit.actor import Actor
from okno.llm.service import LanguageModels

CONVERSATIONS_PER_PAGE = 8
RESULTS_PER_PAGE = 5

GONE = {"is_gone": True, "is_there": False, "was_listed": True, "pages": 1}


@inject
async def get_conversations(
    account: Account,
    dialog_manager: DialogManager,
    conversations: FromDishka[ConversationsService],
    **_: object,
) -> dict[str, Any]:
    number = page_number(dialog_manager, CONVERSATIONS)
    page = await conversations.list(account.actor, number, CONVERSATIONS_PER_PAGE)
    return {
        "conversations": [
            {"id": item.id, "title": item.title, "date": item.updated_at.date()}
            for item in page.items
        ],
        "total": page.total,
        "is_empty": page.total == 0,
        "is_filled": page.total > 0,
        **page_of(dialog_manager, CONVERSATIONS, page),
    }


@inject
async def get_exchange(
    account: Account,
    dialog_manager: DialogManager,
    conversations: FromDishka[ConversationsService],
    models: FromDishka[LanguageModels],
    **_: object,
) -> dict[str, Any]:
    """Read one question with its answer; `is_gone`: the conversation was deleted meanwhile."""
    number = page_number(dialog_manager, EXCHANGES)
    try:
        conversation = await conversations.get(account.actor, conversation_id(dialog_manager))
        page = await conversations.exchanges(account.actor, conversation.id, number, 1)
    except ConversationNotFound:
        turn_to(dialog_manager, EXCHANGES, 0)
        return GONE
    exchange = page.items[0]
    is_running = await _is_running(account.actor, exchange, conversations)
    question, answer = show_question(exchange.question), show_answer(exchange.answer)
    return {
        "is_gone": False,
        "is_there": True,
        "title": conversation.title,
        "date": exchange.question.created_at,
        "model": models.model(conversation.model).names[account.language],
        "question": question,
        "answer": answer,
        "is_cut": question.is_cut or answer.is_cut,
        "is_answered": exchange.answer is not None,
        "is_running": is_running,
        "is_unanswered": exchange.answer is None and not is_running,
        "was_searched": was_searched(dialog_manager),
        "was_listed": not was_searched(dialog_manager),
        **page_of(dialog_manager, EXCHANGES, page),
    }


@inject
async def get_title(
    account: Account,
    dialog_manager: DialogManager,
    conversations: FromDishka[ConversationsService],
    **_: object,
) -> dict[str, Any]:
    try:
        conversation = await conversations.get(account.actor, conversation_id(dialog_manager))
    except ConversationNotFound:
        return GONE
    is_refused = is_title_refused(dialog_manager)
    return {
        "is_gone": False,
        "is_there": True,
        "title": conversation.title,
        "limit": MAX_TITLE,
        "is_refused": is_refused,
        "is_asked": not is_refused,
    }


@inject
async def get_found(
    account: Account,
    dialog_manager: DialogManager,
    conversations: FromDishka[ConversationsService],
    **_: object,
) -> dict[str, Any]:
    words = query(dialog_manager)
    number = page_number(dialog_manager, RESULTS)
    page = await conversations.search(account.actor, words, number, RESULTS_PER_PAGE)
    return {
        "query": words,
        "total": page.total,
        "is_empty": page.total == 0,
        "is_filled": page.total > 0,
        "found": [
            {
                "number": number,
                "hit": Hit(item.conversation_id, item.exchange),
                "title": item.title,
                "excerpt": item.excerpt,
                "date": item.created_at.date(),
            }
            for number, item in enumerate(page.items, page.number * page.size + 1)
        ],
        **page_of(dialog_manager, RESULTS, page),
    }


async def _is_running(
    actor: Actor, exchange: Exchange, conversations: ConversationsService
) -> bool:
    """Tell whether the answer is being written at this moment."""
    if exchange.answer is not None:
        return False
    view = await conversations.view(actor)
    is_same = view.question is not None and view.question.id == exchange.question.id
    return is_same and view.is_running
