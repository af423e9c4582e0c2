"""Reads the models with their prices, and the chosen one."""

from decimal import Decimal
from typing import Any

from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from okno.accounts.dto import Account, Language
from okno.assistant.service import ConversationsService
from okno.llm.dto import Model
from okno.llm.service import LanguageModels


@inject
async def get_models(
    account: Account,
    conversations: FromDishka[ConversationsService],
    models: FromDishka[LanguageModels],
    **_: object,
) -> dict[str, Any]:
    view = await conversations.view(account.actor)
    chosen = models.model(view.model).id
    return {"models": [_line(model, chosen, account.language) for model in models.models()]}


def _line(model: Model, chosen: str, language: Language) -> dict[str, Any]:
    """Describe a model; the prices are in billing units per token."""
    return {
        "id": model.id,
        "name": model.names[language],
        "price_in": _number(model.price_in),
        "price_out": _number(model.price_out),
        "chosen": "yes" if model.id == chosen else "no",
    }


def _number(price: Decimal) -> int | float:
    """Convert a price for Fluent, which finds no plural form for a Decimal."""
    return int(price) if price == int(price) else float(price)
