"""The API with an emulated Telegram behind HTTP, and users of the bot who sign in there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from api.config import BotApiSettings
from okno.accounts.dto import TelegramProfile
from okno.accounts.service import AccountsService, ConfirmationsService
from okno.kit.actor import Actor
from okno.kit.settings import Settings
from sandbox.telegram import Emulator
from tests.support.api import PASSWORD, Api, Reply, open_api
from tests.support.running_emulator import serving

ASK = "/api/auth/telegram"


@asynccontextmanager
async def open_api_at(settings: Settings, telegram: str, **api_settings: Any) -> AsyncIterator[Api]:
    """Run the API with the Bot API at this address."""
    changed = settings[BotApiSettings].model_copy(update={"api_base": telegram})
    async with open_api(settings.replaced(changed), **api_settings) as api:
        yield api


@asynccontextmanager
async def open_connected(
    settings: Settings, emulator: Emulator, **api_settings: Any
) -> AsyncIterator[Api]:
    """Run the API with this Telegram."""
    with serving(emulator) as address:
        async with open_api_at(settings, address, **api_settings) as api:
            yield api


async def meet(api: Api, telegram_id: int) -> Actor:
    """Begin with the bot as a new user."""
    accounts = await api.container.get(AccountsService)
    profile = TelegramProfile(telegram_id, "Anna", username="anna_p")
    return (await accounts.register(profile)).actor


async def decide(api: Api, actor: Actor, asked: Reply, *, is_confirmed: bool = True) -> None:
    """Press a button of the bot's window."""
    confirmations = await api.container.get(ConfirmationsService)
    await confirmations.decide(actor, UUID(asked.body["id"]), is_confirmed=is_confirmed)


async def sign_in_from_telegram(api: Api, telegram_id: int) -> str:
    """Confirm a password in the bot and sign in; return the token."""
    actor = await meet(api, telegram_id)
    body = {"telegramId": str(telegram_id), "password": PASSWORD}
    await decide(api, actor, await api.post(ASK, body))
    login = {"username": str(telegram_id), "password": PASSWORD}
    return str((await api.post("/api/auth/login", login)).body["token"])
