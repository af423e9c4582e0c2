"""Handles the clicks in the chat window."""

from aiogram.types import CallbackQuery
from aiogram_dialog import DialogManager, ShowMode, StartMode
from aiogram_dialog.widgets.kbd import Button
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from dialogs.chat.asking import ask, try_again
from dialogs.chat.getters import Phase, phase_of
from dialogs.chat.states import Chat
from dialogs.kit.account import account_of
from dialogs.kit.buttons import OPENED_BY_BUTTON
from dialogs.kit.clicks import answer_click
from dialogs.kit.middleware_data import i18n_of
from okno.assistant.errors import NothingToRetry
from okno.assistant.service import ChoicesService, ConversationsService, QuestionsService


@inject
async def go_on(
    callback: CallbackQuery,
    _button: Button,
    manager: DialogManager,
    questions: FromDishka[QuestionsService],
) -> None:
    """Ask the model to continue where its answer was cut."""
    if not _is_late(callback, manager):
        await ask(manager, questions, i18n_of(manager).get("question-continue"))


@inject
async def answer_again(
    callback: CallbackQuery,
    _button: Button,
    manager: DialogManager,
    questions: FromDishka[QuestionsService],
) -> None:
    """Ask the question that failed once more. If it has an answer by now, the redraw shows it."""
    if _is_late(callback, manager):
        return
    try:
        await try_again(manager, questions)
    except NothingToRetry as error:
        await answer_click(callback, i18n_of(manager).get(f"error-{error.code}"))


@inject
async def ask_again(
    callback: CallbackQuery,
    _button: Button,
    manager: DialogManager,
    questions: FromDishka[QuestionsService],
) -> None:
    """Ask the question that was refused, which the window has kept."""
    data = manager.start_data
    if isinstance(data, dict) and not _is_late(callback, manager):
        await ask(manager, questions, data["question"])


@inject
async def stop(
    callback: CallbackQuery,
    _button: Button,
    manager: DialogManager,
    questions: FromDishka[QuestionsService],
) -> None:
    """Stop the answer. As much as was written is sent."""
    if await questions.stop(account_of(manager).actor):
        await answer_click(callback, i18n_of(manager).get("answer-stopping"))
        manager.show_mode = ShowMode.NO_UPDATE
    elif not _is_late(callback, manager):
        await answer_click(callback, i18n_of(manager).get("answer-ended"))


@inject
async def begin_anew(
    callback: CallbackQuery,
    _button: Button,
    manager: DialogManager,
    conversations: FromDishka[ConversationsService],
    choices: FromDishka[ChoicesService],
) -> None:
    if _is_late(callback, manager):
        return
    show_mode = await _next_show_mode(manager, conversations)
    await choices.new(account_of(manager).actor)
    await answer_click(callback, i18n_of(manager).get("conversation-begun"))
    await manager.start(Chat.main, mode=StartMode.RESET_STACK, show_mode=show_mode)


@inject
async def reset_context(
    callback: CallbackQuery,
    _button: Button,
    manager: DialogManager,
    choices: FromDishka[ChoicesService],
) -> None:
    if _is_late(callback, manager):
        return
    await choices.reset_context(account_of(manager).actor)
    await answer_click(callback, i18n_of(manager).get("context-reset"))


@inject
async def leave(
    callback: CallbackQuery,
    _button: Button,
    manager: DialogManager,
    conversations: FromDishka[ConversationsService],
) -> None:
    """Choose how the next window opens, so that an answer stays in the chat."""
    if _is_late(callback, manager):
        manager.show_mode = ShowMode.SEND
    else:
        manager.show_mode = await _next_show_mode(manager, conversations)


async def _next_show_mode(manager: DialogManager, conversations: ConversationsService) -> ShowMode:
    """Send the next window below an answer; it takes the place of anything else, or of a copy."""
    if manager.start_data == OPENED_BY_BUTTON:
        return ShowMode.AUTO
    view = await conversations.view(account_of(manager).actor)
    return ShowMode.SEND if phase_of(view) is Phase.ANSWERED else ShowMode.AUTO


def _is_late(callback: CallbackQuery, manager: DialogManager) -> bool:
    """Tell whether the message has stopped being a window; then it must not be drawn anew.

    It was one when the button was pressed: a question has removed its buttons since.
    """
    message = callback.message
    is_late = message is None or message.message_id != manager.current_stack().last_message_id
    if is_late:
        manager.show_mode = ShowMode.NO_UPDATE
    return is_late
