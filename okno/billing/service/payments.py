"""Use cases of payments in Telegram Stars: sell packages, credit, refund, reconcile."""

from okno.accounts.errors import UserNotFound
from okno.accounts.service import AccountsService
from okno.billing.catalogue import PackageCatalogue
from okno.billing.dto import Credit, Invoice, Package, Reconciliation, Refund, StarPayment
from okno.billing.errors import InvoiceOutdated, TelegramNeeded
from okno.billing.service.incoming_payments import IncomingPayments
from okno.billing.service.payload import Payload, parse_payload
from okno.billing.service.reconciliation import Reconciler
from okno.billing.service.refunds import Refunds
from okno.kit.actor import SYSTEM, Actor
from okno.kit.uow import UnitOfWork

CURRENCY = "XTR"
"""Telegram's name for Stars."""


class PaymentsService:
    """Sells packages for Stars, and refunds them.

    `check`, `take` and `note_refund` take no actor, because Telegram sends them for nobody in
    particular.
    """

    def __init__(
        self,
        uow: UnitOfWork,
        accounts: AccountsService,
        catalogue: PackageCatalogue,
        incoming_payments: IncomingPayments,
        refunds: Refunds,
        reconciler: Reconciler,
    ) -> None:
        self._uow = uow
        self._accounts = accounts
        self._catalogue = catalogue
        self._incoming_payments = incoming_payments
        self._refunds = refunds
        self._reconciler = reconciler

    def packages(self) -> tuple[Package, ...]:
        return self._catalogue.packages

    async def invoice(self, actor: Actor, package_id: str) -> Invoice:
        """Make out an invoice; the user who pays it is credited.

        Raises `InvoiceOutdated`, and `TelegramNeeded` when the actor has no Telegram account.
        """
        account = await self._accounts.get(SYSTEM, actor.require_user())
        if account is None or account.telegram_id is None:
            raise TelegramNeeded
        package = self._catalogue.find(package_id)
        if package is None:
            raise InvoiceOutdated
        payload = Payload(package.id, package.tokens)
        return Invoice(str(payload), package.stars, package.tokens, package)

    async def check(self, telegram_id: int, payload: str, currency: str, stars: int) -> None:
        """Approve a payment that is about to be made.

        Raises `InvoiceOutdated` unless the package is sold at this price, `UserNotFound`, and
        `TemporarilyUnavailable` while there is no database to credit it in.
        """
        if not self._is_sold(parse_payload(payload), currency, stars):
            raise InvoiceOutdated
        # The database is asked, not the cache: a payment that can't be credited must not be made.
        if await self._accounts.pin_telegram(SYSTEM, telegram_id) is None:
            raise UserNotFound

    async def take(self, payment: StarPayment) -> Credit:
        """Store a payment and credit it, once per charge id, however often Telegram sends it.

        The Stars have been paid already, so nothing is refused: a payment of somebody who is no
        user waits as `UNCLAIMED`.
        """
        async with self._uow.begin():
            return await self._incoming_payments.take(payment)

    async def refund(self, actor: Actor, charge_id: str, *, force: bool = False) -> Refund:
        """Give the Stars of a payment back and take its units; a repeat continues or does nothing.

        Only an admin or the system may. Raises `PaymentNotFound`, `StarsUnavailable`,
        `RefundRefused` by Telegram, and `RefundSpent` when a part of the units is spent, unless
        `force`: then the missing units are stored as the shortfall.
        """
        actor.require_admin()
        return await self._refunds.refund(charge_id, force=force, by=actor.user_id)

    async def note_refund(self, refund: StarPayment) -> bool:
        """Note a refund that Telegram reports, even before its payment; False: already noted."""
        return await self._refunds.note(refund)

    async def reconcile(self, actor: Actor) -> Reconciliation:
        """Compare with Telegram's list, and do what an outage has prevented. Only the system may.

        Raises `StarsUnavailable`.
        """
        actor.require_system()
        return await self._reconciler.run()

    def _is_sold(self, promise: Payload | None, currency: str, stars: int) -> bool:
        package = self._catalogue.find(promise.package_id) if promise else None
        return (
            package is not None
            and promise == Payload(package.id, package.tokens)
            and (currency, stars) == (CURRENCY, package.stars)
        )
