"""Queries of payments. Who changes one has locked it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, cast, func, select, update
from sqlalchemy.dialects.postgresql import insert

from okno.billing.dto import PaymentState, StarPayment
from okno.billing.models import Payment
from okno.kit.uow import UnitOfWork

_PAYLOAD_LENGTH = 128


class PaymentStore:
    """Reads and writes the table `payments`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def add(
        self,
        payment: StarPayment,
        tokens: int,
        state: PaymentState,
        refunded_at: datetime | None = None,
    ) -> bool:
        """Store a payment; False when its charge id is known."""
        statement = (
            insert(Payment)
            .values(
                charge_id=payment.charge_id,
                telegram_id=payment.telegram_id,
                payload=payment.payload[:_PAYLOAD_LENGTH],
                stars=payment.stars,
                tokens=tokens,
                state=state,
                paid_at=payment.at,
                refunded_at=refunded_at,
            )
            .on_conflict_do_nothing(index_elements=[Payment.charge_id])
            .returning(Payment.id)
        )
        return await self._uow.session.scalar(statement) is not None

    async def payer(self, charge_id: str) -> int | None:
        """Return the Telegram id of whoever paid; None when there is no such payment."""
        return await self._uow.session.scalar(
            select(Payment.telegram_id).where(Payment.charge_id == charge_id)
        )

    async def lock(self, charge_id: str) -> Payment:
        """Return the payment, which exists; nobody else changes it until the transaction ends."""
        statement = (
            select(Payment)
            .where(Payment.charge_id == charge_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        return (await self._uow.session.scalars(statement)).one()

    async def change(self, charge_id: str, **values: Any) -> Payment:  # noqa: ANN401 - columns
        statement = (
            update(Payment)
            .where(Payment.charge_id == charge_id)
            .values(**values)
            .returning(Payment)
            .execution_options(synchronize_session=False, populate_existing=True)
        )
        return (await self._uow.session.scalars(statement)).one()

    async def states(self, charge_ids: Sequence[str]) -> dict[str, PaymentState]:
        """Return the states of those of the payments that are stored."""
        statement = select(Payment.charge_id, Payment.state).where(
            Payment.charge_id.in_(charge_ids)
        )
        rows = await self._uow.session.execute(statement)
        return {charge_id: PaymentState(state) for charge_id, state in rows}

    async def newest(self, state: PaymentState, limit: int) -> list[Payment]:
        statement = (
            select(Payment).where(Payment.state == state).order_by(Payment.id.desc()).limit(limit)
        )
        return list(await self._uow.session.scalars(statement))

    async def stars(self) -> dict[PaymentState, int]:
        """Sum up the Stars of the payments in each state."""
        statement = select(Payment.state, cast(func.sum(Payment.stars), BigInteger)).group_by(
            Payment.state
        )
        rows = await self._uow.session.execute(statement)
        return {PaymentState(state): stars for state, stars in rows}
