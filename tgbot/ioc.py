"""The wiring of the bot: its client of the Bot API."""

from collections.abc import AsyncIterator

from aiogram import Bot
from aiogram.client.session.base import BaseSession
from dishka import Provider, Scope, provide

from okno.accounts.service import AccountsService
from okno.billing.port import Stars
from tgbot.client.bot import create_bot
from tgbot.client.pace import PaceMiddleware
from tgbot.config import TelegramSettings
from tgbot.delivery import TelegramStars


class BotProvider(Provider):
    """One bot per process, which the container closes.

    Tests give a `session` with another transport than HTTP, and a `pace` that does not wait.
    """

    scope = Scope.APP
    stars = provide(TelegramStars, provides=Stars)

    def __init__(
        self, session: BaseSession | None = None, pace: PaceMiddleware | None = None
    ) -> None:
        super().__init__()
        self._session = session
        self._pace = pace

    @provide
    async def bot(
        self, settings: TelegramSettings, accounts: AccountsService
    ) -> AsyncIterator[Bot]:
        """Raise `StartupError` when the token has no valid form."""
        bot = create_bot(settings, accounts, self._session, self._pace)
        try:
            yield bot
        finally:
            await bot.session.close()
