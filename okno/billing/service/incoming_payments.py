"""Payments that came in: stored, and credited to whoever paid."""

from dataclasses import replace

from okno.accounts.service import AccountsService
from okno.billing.dto import Credit, EntryKind, PaymentState, StarPayment
from okno.billing.models import Payment
from okno.billing.service.ledger import Ledger
from okno.billing.service.payload import parse_payload
from okno.billing.service.report import STARS, Report
from okno.billing.store.ledger import NewEntry
from okno.billing.store.payments import PaymentStore
from okno.kit.actor import SYSTEM
from okno.kit.clock import Clock


class IncomingPayments:
    """Credits payments within the open transaction, each exactly once."""

    def __init__(
        self,
        accounts: AccountsService,
        ledger: Ledger,
        payments: PaymentStore,
        clock: Clock,
        report: Report,
    ) -> None:
        self._accounts = accounts
        self._ledger = ledger
        self._payments = payments
        self._clock = clock
        self._report = report

    async def take(self, payment: StarPayment) -> Credit:
        """Store the payment and credit it; of one that is known, only what is still missing."""
        payer = await self._accounts.pin_telegram(SYSTEM, payment.telegram_id)
        payload = parse_payload(payment.payload)
        tokens = payload.tokens if payload else 0
        is_first = await self._payments.add(payment, tokens, PaymentState.UNCLAIMED)
        if is_first:
            self._report.count(STARS.labels("taken"), payment.stars)
        stored = await self._payments.lock(payment.charge_id)
        if stored.state != PaymentState.UNCLAIMED:
            return _credit(stored)
        if payer is not None and stored.tokens:
            return await self._claim(stored, payer)
        if is_first:
            self._report.warn(
                "payment unclaimed", charge=stored.charge_id, stars=stored.stars, user_id=payer
            )
        return _credit(stored)

    async def _claim(self, payment: Payment, user_id: int) -> Credit:
        payload = parse_payload(payment.payload)
        await self._ledger.lock(user_id)
        await self._ledger.book(
            NewEntry(
                user_id,
                payment.tokens,
                EntryKind.TOPUP,
                f"topup:{payment.charge_id}",
                note=payload.package_id if payload else None,
            )
        )
        paid = await self._payments.change(
            payment.charge_id,
            state=PaymentState.PAID,
            user_id=user_id,
            credited_at=self._clock.now(),
        )
        self._report.tell(
            "payment credited",
            charge=paid.charge_id,
            stars=paid.stars,
            tokens=paid.tokens,
            user_id=user_id,
        )
        return replace(_credit(paid), is_new=True)


def _credit(payment: Payment) -> Credit:
    return Credit(
        charge_id=payment.charge_id,
        user_id=payment.user_id,
        tokens=payment.tokens,
        state=PaymentState(payment.state),
        is_new=False,
    )
