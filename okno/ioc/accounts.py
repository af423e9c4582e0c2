"""The accounts capability."""

from dishka import Provider, Scope, provide

from okno.accounts.cache import AccountCache
from okno.accounts.config import AccountsSettings
from okno.accounts.service import AccountsService
from okno.accounts.store import UserStore
from okno.settings import Settings


class AccountsProvider(Provider):
    """One cache per process; the rest belongs to a request."""

    scope = Scope.REQUEST

    cache = provide(AccountCache, scope=Scope.APP)
    store = provide(UserStore)
    service = provide(AccountsService)

    @provide(scope=Scope.APP)
    def settings(self, settings: Settings) -> AccountsSettings:
        return settings.accounts
