"""What the worker adds to the wiring: the way to Telegram."""

from collections.abc import AsyncIterator

from dishka import Provider, Scope, provide

from okno.accounts.service import AccountsService
from okno.billing.port import Stars
from okno.settings import Settings
from tgbot.delivery import open_stars


class WorkerProvider(Provider):
    """One client of the Bot API per process."""

    scope = Scope.APP

    @provide
    async def stars(self, settings: Settings, accounts: AccountsService) -> AsyncIterator[Stars]:
        async with open_stars(settings.telegram, accounts) as stars:
            yield stars
