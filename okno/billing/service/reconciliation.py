"""Finds payments lost in an outage, by comparing ours with Telegram's transactions."""

from collections.abc import Sequence

import structlog

from okno.billing.dto import (
    Payment,
    PaymentState,
    Reconciliation,
    StarPayment,
    StarTransaction,
    TransactionKind,
)
from okno.billing.errors import RefundRefused, StarsUnavailable
from okno.billing.port import Stars
from okno.billing.service.incoming_payments import IncomingPayments
from okno.billing.service.payload import parse_payload
from okno.billing.service.refunds import Refunds
from okno.billing.store.payments import PaymentStore
from okno.billing.store.progress import Progress, ProgressStore
from okno.kit.errors import TemporarilyUnavailable
from okno.kit.uow import UnitOfWork

log = structlog.get_logger(__name__)

PAGE_SIZE = 100
"""The maximum that getStarTransactions returns at once."""
MAX_PAGES = 50
_LEFT_OPEN_AT_ONCE = 100


class Reconciler:
    """Goes through the transactions, the oldest first, and remembers its place.

    A run reads the last page again and at most 50 pages; the next run continues. A run may be
    repeated, and two may run at once.
    """

    def __init__(
        self,
        uow: UnitOfWork,
        incoming_payments: IncomingPayments,
        refunds: Refunds,
        payments: PaymentStore,
        progress: ProgressStore,
        stars: Stars,
    ) -> None:
        self._uow = uow
        self._incoming_payments = incoming_payments
        self._refunds = refunds
        self._payments = payments
        self._progress = progress
        self._stars = stars

    async def run(self) -> Reconciliation:
        credited = await self._credit_unclaimed()
        refunded = await self._finish_refunds()
        offset = await self._start()
        for _page in range(MAX_PAGES):
            page = await self._stars.transactions(offset, PAGE_SIZE)
            if not page:
                break
            credited += await self._credit_lost(page)
            refunded += await self._note_lost(page)
            offset += len(page)
            async with self._uow.begin():
                await self._progress.put(Progress(offset, page[-1].id))
        log.info("stars reconciled", credited=credited, refunded=refunded, transactions=offset)
        return Reconciliation(credited, refunded)

    async def _start(self) -> int:
        """Return where to begin: a page before the end of the last run, or at the very start.

        The transactions are not where they were when the bot has another account, or if Telegram
        changes their order.
        """
        async with self._uow.begin():
            progress = await self._progress.get()
        offset = max(0, progress.seen - PAGE_SIZE)
        known = progress.seen - offset
        if not known:
            return 0
        page = await self._stars.transactions(offset, known)
        if len(page) == known and page[-1].id == progress.last_id:
            return offset
        log.warning("transactions are not where they were: all are read anew", seen=progress.seen)
        return 0

    async def _credit_lost(self, page: Sequence[StarTransaction]) -> int:
        """Take the payments of our invoices that are not stored."""
        payments = [
            payment
            for payment in _of_kind(page, TransactionKind.PAYMENT)
            if parse_payload(payment.payload) is not None
        ]
        states = await self._states(payments)
        return sum(
            [await self._credit(payment) for payment in payments if payment.charge_id not in states]
        )

    async def _note_lost(self, page: Sequence[StarTransaction]) -> int:
        """Note the refunds that are not stored."""
        refunds = _of_kind(page, TransactionKind.REFUND)
        states = await self._states(refunds)
        return sum(
            [
                await self._refunds.note(refund)
                for refund in refunds
                if states.get(refund.charge_id, PaymentState.REFUNDED) != PaymentState.REFUNDED
            ]
        )

    async def _credit_unclaimed(self) -> int:
        """Credit users who paid before they registered."""
        credited = 0
        for payment in await self._left_open(PaymentState.UNCLAIMED):
            if not payment.tokens:
                continue
            try:
                credited += await self._credit(_as_told(payment))
            except TemporarilyUnavailable:
                raise
            except Exception:
                # One that fails must not hold up the others; it stays unclaimed for the next run.
                log.exception("payment not credited", charge=payment.charge_id)
        return credited

    async def _finish_refunds(self) -> int:
        """Finish refunds that a crash or an outage of Telegram has interrupted."""
        finished = 0
        for payment in await self._left_open(PaymentState.REFUNDING):
            try:
                await self._refunds.finish(payment)
            except (RefundRefused, StarsUnavailable) as error:
                # One that fails must not hold up the others.
                log.warning("refund not finished", charge=payment.charge_id, error=str(error))
            else:
                finished += 1
        return finished

    async def _credit(self, payment: StarPayment) -> bool:
        async with self._uow.begin():
            return (await self._incoming_payments.take(payment)).is_new

    async def _states(self, payments: Sequence[StarPayment]) -> dict[str, PaymentState]:
        async with self._uow.begin():
            return await self._payments.states([payment.charge_id for payment in payments])

    async def _left_open(self, state: PaymentState) -> list[Payment]:
        async with self._uow.begin():
            return await self._payments.newest(state, _LEFT_OPEN_AT_ONCE)


def _as_told(payment: Payment) -> StarPayment:
    return StarPayment(
        charge_id=payment.charge_id,
        telegram_id=payment.telegram_id,
        payload=payment.payload,
        stars=payment.stars,
        at=payment.paid_at,
    )


def _of_kind(page: Sequence[StarTransaction], kind: TransactionKind) -> list[StarPayment]:
    return [line.payment for line in page if line.kind is kind and line.payment is not None]
