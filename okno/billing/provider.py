"""The provider of billing for the container."""

from dishka import Provider, Scope, alias, from_context, provide, provide_all

from okno.accounts.port import Budgets
from okno.billing.catalogue import PackageCatalogue, load_packages
from okno.billing.config import BillingSettings
from okno.billing.port import Stars
from okno.billing.service import BillingService, PaymentsService
from okno.billing.service.adjustments import Adjustments
from okno.billing.service.holds import Holds
from okno.billing.service.incoming_payments import IncomingPayments
from okno.billing.service.ledger import Ledger
from okno.billing.service.reconciliation import Reconciler
from okno.billing.service.refunds import Refunds
from okno.billing.store.balances import BalanceStore
from okno.billing.store.budgets import BudgetStore
from okno.billing.store.holds import HoldStore
from okno.billing.store.joining import JoiningStore
from okno.billing.store.ledger import LedgerStore
from okno.billing.store.payments import PaymentStore
from okno.billing.store.progress import ProgressStore
from okno.billing.store.welcome import WelcomeStore


class BillingProvider(Provider):
    """Services keep nothing between two calls, so one of each serves a process."""

    scope = Scope.APP

    # A surface that knows Telegram provides this. Without it the container has no payments.
    stars = from_context(Stars)
    stores = provide_all(
        BalanceStore,
        BudgetStore,
        HoldStore,
        LedgerStore,
        PaymentStore,
        ProgressStore,
        WelcomeStore,
    )
    parts = provide_all(Ledger, Adjustments, IncomingPayments, Holds, Reconciler, Refunds)
    services = provide_all(BillingService, PaymentsService)
    budgets = alias(BillingService, provides=Budgets)
    joining = provide(JoiningStore)

    @provide
    def catalogue(self, settings: BillingSettings) -> PackageCatalogue:
        """Read `packages.toml`; raises `StartupError`."""
        return load_packages(settings.packages_file)
