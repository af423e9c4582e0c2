"""The wiring of the worker: its way to Telegram."""

from collections.abc import AsyncIterator

from dishka import Provider, Scope, provide

from okno.accounts.service import AccountsService
from okno.billing.port import Stars
from tgbot.config import TelegramSettings
from tgbot.delivery import open_stars


class WorkerProvider(Provider):
    """One client of the Bot API per process."""

    scope = Scope.APP

    @provide
    async def stars(
        self, settings: TelegramSettings, accounts: AccountsService
    ) -> AsyncIterator[Stars]:
        async with open_stars(settings, accounts) as stars:
            yield stars
