"""Payments that come in: they are stored, and credited to the user who paid."""

from dataclasses import replace
from functools import partial

import structlog

from okno.accounts.service import AccountsService
from okno.billing.dto import Credit, EntryKind, Payment, PaymentState, StarPayment
from okno.billing.service.ledger import Ledger
from okno.billing.service.metrics import STARS
from okno.billing.service.payload import parse_payload
from okno.billing.store.ledger import NewEntry
from okno.billing.store.payments import PaymentStore
from okno.kit.actor import SYSTEM
from okno.kit.clock import Clock
from okno.kit.uow import UnitOfWork

log = structlog.get_logger(__name__)


class IncomingPayments:
    """Credits payments within the open transaction, each exactly once."""

    def __init__(
        self,
        uow: UnitOfWork,
        accounts: AccountsService,
        ledger: Ledger,
        payments: PaymentStore,
        clock: Clock,
    ) -> None:
        self._uow = uow
        self._accounts = accounts
        self._ledger = ledger
        self._payments = payments
        self._clock = clock

    async def take(self, payment: StarPayment) -> Credit:
        """Store the payment and credit it; for a known payment, do only what is still missing."""
        payer = await self._accounts.pin_telegram(SYSTEM, payment.telegram_id)
        payload = parse_payload(payment.payload)
        tokens = payload.tokens if payload else 0
        is_first = await self._payments.add(payment, tokens, PaymentState.UNCLAIMED)
        if is_first:
            self._uow.after_commit(partial(STARS.labels("taken").inc, payment.stars))
        stored = await self._payments.lock(payment.charge_id)
        if stored.state != PaymentState.UNCLAIMED:
            return _credit(stored)
        if payer is not None and stored.tokens:
            return await self._claim(stored, payer)
        if is_first:
            self._uow.after_commit(
                partial(
                    log.warning,
                    "payment unclaimed",
                    charge=stored.charge_id,
                    stars=stored.stars,
                    user_id=payer,
                )
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
        paid = await self._payments.set_paid(payment.charge_id, user_id, self._clock.now())
        self._uow.after_commit(
            partial(
                log.info,
                "payment credited",
                charge=paid.charge_id,
                stars=paid.stars,
                tokens=paid.tokens,
                user_id=user_id,
            )
        )
        return replace(_credit(paid), is_new=True)


def _credit(payment: Payment) -> Credit:
    return Credit(
        charge_id=payment.charge_id,
        user_id=payment.user_id,
        tokens=payment.tokens,
        state=payment.state,
        is_new=False,
    )
