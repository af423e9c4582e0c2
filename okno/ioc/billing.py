"""The billing capability."""

from dishka import Provider, Scope, from_context, provide, provide_all

from okno.billing.catalogue import PackageCatalogue, load_packages
from okno.billing.config import BillingSettings
from okno.billing.port import Stars
from okno.billing.service import BillingService, PaymentsService
from okno.billing.service.books import Books
from okno.billing.service.credits import Credits
from okno.billing.service.holds import Holds
from okno.billing.service.reconciliation import Reconciler
from okno.billing.service.refunds import Refunds
from okno.billing.service.report import Report
from okno.billing.store.balances import BalanceStore
from okno.billing.store.holds import HoldStore
from okno.billing.store.ledger import LedgerStore
from okno.billing.store.payments import PaymentStore
from okno.billing.store.progress import ProgressStore
from okno.billing.store.welcome import WelcomeStore
from okno.settings import Settings


class BillingProvider(Provider):
    """One catalogue of packages per process; the rest belongs to a request."""

    scope = Scope.REQUEST

    # The surface knows Telegram and provides this: without one, payments can't be asked for.
    stars = from_context(Stars, scope=Scope.APP)
    stores = provide_all(
        BalanceStore, HoldStore, LedgerStore, PaymentStore, ProgressStore, WelcomeStore
    )
    parts = provide_all(Books, Credits, Holds, Reconciler, Refunds, Report)
    services = provide_all(BillingService, PaymentsService)

    @provide(scope=Scope.APP)
    def settings(self, settings: Settings) -> BillingSettings:
        return settings.billing

    @provide(scope=Scope.APP)
    def catalogue(self, settings: BillingSettings) -> PackageCatalogue:
        """Read `packages.toml`; raises `StartupError`."""
        return load_packages(settings.packages_file)
