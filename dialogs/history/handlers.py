"""Handles the clicks in the windows of the history, and the texts that they wait for."""

from contextlib import suppress

from aiogram.types import BufferedInputFile, CallbackQuery, Message
from aiogram_dialog import DialogManager, ShowMode, StartMode
from aiogram_dialog.widgets.kbd import Button
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from dialogs.chat.states import Chat
from dialogs.history.dialog_data import (
    EXCHANGES,
    MAX_TITLE,
    RESULTS,
    Hit,
    conversation_id,
    open_conversation,
    refuse_title,
    search_for,
)
from dialogs.history.export import to_markdown
from dialogs.history.states import History
from dialogs.kit.account import account_of
from dialogs.kit.buttons import OPENED_BY_BUTTON
from dialogs.kit.clicks import answer_click
from dialogs.kit.middleware_data import bot_of, i18n_of
from dialogs.kit.pages import LAST_PAGE, turn_to
from okno.assistant.errors import ConversationNotFound
from okno.assistant.service import ChoicesService, ConversationsService
from okno.llm.service import LanguageModels


async def read_conversation(
    _callback: CallbackQuery,
    _select: object,
    manager: DialogManager,
    conversation: int,
) -> None:
    """Open a conversation at its last exchange."""
    open_conversation(manager, conversation, searched=False)
    turn_to(manager, EXCHANGES, LAST_PAGE)
    await manager.switch_to(History.exchange)


async def read_found(
    _callback: CallbackQuery,
    _select: object,
    manager: DialogManager,
    hit: Hit,
) -> None:
    """Open a conversation at the exchange that was found."""
    open_conversation(manager, hit.conversation_id, searched=True)
    turn_to(manager, EXCHANGES, hit.exchange)
    await manager.switch_to(History.exchange)


@inject
async def continue_conversation(
    _callback: CallbackQuery,
    _button: Button,
    manager: DialogManager,
    choices: FromDishka[ChoicesService],
) -> None:
    """Make this conversation the one of the next question."""
    await choices.open(account_of(manager).actor, conversation_id(manager))
    await manager.start(Chat.main, data=OPENED_BY_BUTTON, mode=StartMode.RESET_STACK)


@inject
async def export_conversation(
    callback: CallbackQuery,
    _button: Button,
    manager: DialogManager,
    conversations: FromDishka[ConversationsService],
    models: FromDishka[LanguageModels],
) -> None:
    """Send the whole conversation as a file; the window follows below it."""
    bot = bot_of(manager)
    account = account_of(manager)
    conversation = conversation_id(manager)
    exported = await conversations.export(account.actor, conversation)
    model = models.model(exported.model).names[account.language]
    text = to_markdown(exported, model, i18n_of(manager))
    name = f"okno-{exported.created_at:%Y-%m-%d}-{conversation}.md"
    await bot.send_document(callback.from_user.id, BufferedInputFile(text.encode(), filename=name))
    manager.show_mode = ShowMode.DELETE_AND_SEND


@inject
async def delete_conversation(
    callback: CallbackQuery,
    _button: Button,
    manager: DialogManager,
    conversations: FromDishka[ConversationsService],
) -> None:
    try:
        await conversations.delete(account_of(manager).actor, conversation_id(manager))
    except ConversationNotFound as error:
        await answer_click(callback, i18n_of(manager).get(f"error-{error.code}"))
    else:
        await answer_click(callback, i18n_of(manager).get("conversation-deleted"))
    await manager.switch_to(History.conversations)


async def ask_title(_callback: CallbackQuery, _button: Button, manager: DialogManager) -> None:
    """Wait for a title, without the complaint about an earlier one."""
    refuse_title(manager, refused=False)


@inject
async def rename_conversation(
    _message: Message,
    _input: object,
    manager: DialogManager,
    text: str,
    conversations: FromDishka[ConversationsService],
) -> None:
    """Take the title, or show the window again with the limit."""
    title = " ".join(text.split())
    if not 0 < len(title) <= MAX_TITLE:
        refuse_title(manager, refused=True)
        return
    with suppress(ConversationNotFound):  # the next window says so
        await conversations.rename(account_of(manager).actor, conversation_id(manager), title)
    await manager.switch_to(History.exchange)


async def search_conversations(
    _message: Message,
    _input: object,
    manager: DialogManager,
    text: str,
) -> None:
    search_for(manager, text)
    turn_to(manager, RESULTS, 0)
    await manager.switch_to(History.found)
