"""Refunds: first the units are taken back, then Telegram gives the Stars back.

A crash between the two leaves the payment `refunding`: asking again, or the reconciliation, goes on
from there. So nobody ever has both the Stars and the units.
"""

from functools import partial

import structlog

from okno.accounts.service import AccountsService
from okno.billing.dto import EntryKind, Payment, PaymentState, Refund, StarPayment
from okno.billing.errors import PaymentNotFound, RefundRefused, RefundSpent
from okno.billing.port import Stars
from okno.billing.service.ledger import Ledger
from okno.billing.service.metrics import STARS
from okno.billing.service.payload import parse_payload
from okno.billing.store.ledger import NewEntry
from okno.billing.store.payments import PaymentStore
from okno.kit.actor import SYSTEM
from okno.kit.clock import Clock
from okno.kit.uow import UnitOfWork

log = structlog.get_logger(__name__)


class Refunds:
    """Refunds payments; opens its own transactions: one before and one after asking Telegram."""

    def __init__(
        self,
        uow: UnitOfWork,
        accounts: AccountsService,
        ledger: Ledger,
        payments: PaymentStore,
        stars: Stars,
        clock: Clock,
    ) -> None:
        self._uow = uow
        self._accounts = accounts
        self._ledger = ledger
        self._payments = payments
        self._stars = stars
        self._clock = clock

    async def refund(self, charge_id: str, *, force: bool, by: int | None) -> Refund:
        """Take the units back, then refund the Stars; continue a refund that was begun.

        Raises `PaymentNotFound`, `RefundRefused`, `StarsUnavailable`, and `RefundSpent` unless
        `force`.
        """
        async with self._uow.begin():
            payment = await self._begin(charge_id, force=force, by=by)
        return await self.finish(payment)

    async def finish(self, payment: Payment) -> Refund:
        """Refund the Stars if that is not done. Raises `RefundRefused`, `StarsUnavailable`."""
        if payment.state is not PaymentState.REFUNDING:
            return _refund(payment)
        try:
            await self._stars.refund(payment.telegram_id, payment.charge_id)
        except RefundRefused:
            async with self._uow.begin():
                await self._undo(payment)
            raise
        async with self._uow.begin():
            payment = await self._lock(payment.telegram_id, payment.charge_id)
            return _refund(await self._close(payment) or payment)

    async def note(self, refund: StarPayment) -> bool:
        """Note a refund that Telegram reports; False: it was noted before.

        A refund that comes before its payment is stored, so that the payment is not credited.
        """
        payload = parse_payload(refund.payload)
        tokens = payload.tokens if payload else 0
        async with self._uow.begin():
            await self._accounts.pin_telegram(SYSTEM, refund.telegram_id)
            state = PaymentState.REFUNDED
            if await self._payments.add(refund, tokens, state, refunded_at=refund.at):
                self._uow.after_commit(
                    partial(log.warning, "refund came before its payment", charge=refund.charge_id)
                )
                return True
            return await self._close(await self._payments.lock(refund.charge_id)) is not None

    async def _begin(self, charge_id: str, *, force: bool, by: int | None) -> Payment:
        payer = await self._payments.payer(charge_id)
        if payer is None:
            raise PaymentNotFound
        payment = await self._lock(payer, charge_id)
        if payment.state in (PaymentState.REFUNDING, PaymentState.REFUNDED):
            return payment
        if payment.state is PaymentState.PAID:
            payment = await self._take_back(payment, by)
        if payment.shortfall and not force:
            raise RefundSpent(available=payment.tokens - payment.shortfall, needed=payment.tokens)
        return await self._payments.begin_refund(charge_id)

    async def _take_back(self, payment: Payment, by: int | None) -> Payment:
        """Take as many of the units off the balance as are available; the rest is the shortfall."""
        taken = 0
        if payment.user_id is not None:
            balance = await self._ledger.lock(payment.user_id)
            taken = min(payment.tokens, balance.available)
        if taken and payment.user_id is not None:
            key = f"refund:{payment.charge_id}:{payment.refund_attempts}"
            await self._ledger.book(
                NewEntry(payment.user_id, -taken, EntryKind.REFUND, key, created_by=by)
            )
        shortfall = payment.tokens - taken
        if shortfall:
            self._uow.after_commit(
                partial(
                    log.warning,
                    "refund finds the units spent",
                    charge=payment.charge_id,
                    user_id=payment.user_id,
                    shortfall=shortfall,
                )
            )
        return await self._payments.set_shortfall(payment.charge_id, shortfall)

    async def _undo(self, begun: Payment) -> None:
        """Give back the units of a refund that Telegram refuses."""
        payment = await self._lock(begun.telegram_id, begun.charge_id)
        if (payment.state, payment.refund_attempts) != (begun.state, begun.refund_attempts):
            return
        was_credited = payment.credited_at is not None
        taken = payment.tokens - payment.shortfall
        if was_credited and taken and payment.user_id is not None:
            await self._ledger.lock(payment.user_id)
            key = f"refund-refused:{payment.charge_id}:{payment.refund_attempts}"
            await self._ledger.book(NewEntry(payment.user_id, taken, EntryKind.ADJUSTMENT, key))
        state = PaymentState.PAID if was_credited else PaymentState.UNCLAIMED
        await self._payments.undo_refund(payment.charge_id, state)
        self._uow.after_commit(
            partial(
                log.warning, "refund refused", charge=payment.charge_id, user_id=payment.user_id
            )
        )

    async def _close(self, payment: Payment) -> Payment | None:
        """Note that the Stars are refunded; None: that was noted before."""
        if payment.state is PaymentState.REFUNDED:
            return None
        if payment.state is PaymentState.PAID:
            payment = await self._take_back(payment, by=None)
        payment = await self._payments.set_refunded(payment.charge_id, self._clock.now())
        self._uow.after_commit(partial(STARS.labels("refunded").inc, payment.stars))
        self._uow.after_commit(
            partial(
                log.info,
                "payment refunded",
                charge=payment.charge_id,
                stars=payment.stars,
                tokens=payment.tokens,
                shortfall=payment.shortfall,
                user_id=payment.user_id,
            )
        )
        return payment

    async def _lock(self, payer: int, charge_id: str) -> Payment:
        """Lock the payer, if that is a user, and then the payment: see `Ledger` for the order."""
        await self._accounts.pin_telegram(SYSTEM, payer)
        return await self._payments.lock(charge_id)


def _refund(payment: Payment) -> Refund:
    return Refund(
        charge_id=payment.charge_id,
        telegram_id=payment.telegram_id,
        stars=payment.stars,
        tokens=payment.tokens,
        shortfall=payment.shortfall,
    )
