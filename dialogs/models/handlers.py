"""Handles the choice of a model."""

from aiogram.types import CallbackQuery
from aiogram_dialog import DialogManager, ShowMode
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from dialogs.kit.account import account_of
from dialogs.kit.clicks import answer_click
from dialogs.kit.middleware_data import i18n_of
from okno.assistant.service import ChoicesService, ConversationsService
from okno.llm.service import LanguageModels


@inject
async def choose_model(
    callback: CallbackQuery,
    _select: object,
    manager: DialogManager,
    model_id: str,
    conversations: FromDishka[ConversationsService],
    choices: FromDishka[ChoicesService],
    models: FromDishka[LanguageModels],
) -> None:
    account = account_of(manager)
    if (await conversations.view(account.actor)).model == model_id:
        manager.show_mode = ShowMode.NO_UPDATE
        return
    await choices.choose_model(account.actor, model_id)
    i18n = i18n_of(manager)
    name = models.model(model_id).names[account.language]
    await answer_click(callback, i18n.get("model-chosen", name=name))
