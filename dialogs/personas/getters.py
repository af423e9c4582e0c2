"""Reads the personas, and the chosen one."""

from typing import Any

from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from okno.accounts.dto import Account
from okno.assistant.service import ConversationsService
from okno.llm.service import LanguageModels


@inject
async def get_personas(
    account: Account,
    conversations: FromDishka[ConversationsService],
    models: FromDishka[LanguageModels],
    **_: object,
) -> dict[str, Any]:
    view = await conversations.view(account.actor)
    chosen = models.persona(view.persona).id
    return {
        "personas": [
            {
                "id": persona.id,
                "name": persona.names[account.language],
                "chosen": "yes" if persona.id == chosen else "no",
            }
            for persona in models.personas()
        ]
    }
