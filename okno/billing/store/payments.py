"""Queries of payments. A payment is locked before it is changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, cast, func, select, update
from sqlalchemy.dialects.postgresql import insert

from okno.billing import dto
from okno.billing.dto import PaymentState, StarPayment
from okno.billing.models import Payment
from okno.kit.page import AnyRow
from okno.kit.uow import NO_ORM, UnitOfWork

_PAYLOAD_LENGTH = 128
_COLUMNS = (
    Payment.charge_id,
    Payment.user_id,
    Payment.telegram_id,
    Payment.payload,
    Payment.stars,
    Payment.tokens,
    Payment.state,
    Payment.shortfall,
    Payment.refund_attempts,
    Payment.paid_at,
    Payment.credited_at,
)


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
        """Store a payment; False: its charge id is known."""
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
        """Return the Telegram id of the payer; None: there is no such payment."""
        return await self._uow.session.scalar(
            select(Payment.telegram_id).where(Payment.charge_id == charge_id)
        )

    async def lock(self, charge_id: str) -> dto.Payment:
        """Lock the payment, which exists, until the transaction ends, and return it."""
        statement = select(*_COLUMNS).where(Payment.charge_id == charge_id).with_for_update()
        return _to_payment((await self._uow.session.execute(statement)).one())

    async def set_paid(self, charge_id: str, user_id: int, now: datetime) -> dto.Payment:
        """Note that the user has got the units of the payment."""
        return await self._change(
            charge_id, state=PaymentState.PAID, user_id=user_id, credited_at=now
        )

    async def set_shortfall(self, charge_id: str, shortfall: int) -> dto.Payment:
        """Note how many units could not be taken back."""
        return await self._change(charge_id, shortfall=shortfall)

    async def begin_refund(self, charge_id: str) -> dto.Payment:
        return await self._change(
            charge_id,
            state=PaymentState.REFUNDING,
            refund_attempts=Payment.refund_attempts + 1,
        )

    async def undo_refund(self, charge_id: str, state: PaymentState) -> dto.Payment:
        """Put the payment back into the state that it had before its refund was begun."""
        return await self._change(charge_id, state=state, shortfall=0)

    async def set_refunded(self, charge_id: str, now: datetime) -> dto.Payment:
        return await self._change(charge_id, state=PaymentState.REFUNDED, refunded_at=now)

    async def states(self, charge_ids: Sequence[str]) -> dict[str, PaymentState]:
        """Return the states of those payments that are stored."""
        statement = select(Payment.charge_id, Payment.state).where(
            Payment.charge_id.in_(charge_ids)
        )
        rows = await self._uow.session.execute(statement)
        return {charge_id: PaymentState(state) for charge_id, state in rows}

    async def newest(self, state: PaymentState, limit: int) -> list[dto.Payment]:
        statement = (
            select(*_COLUMNS).where(Payment.state == state).order_by(Payment.id.desc()).limit(limit)
        )
        return [_to_payment(row) for row in await self._uow.session.execute(statement)]

    async def stars(self) -> dict[PaymentState, int]:
        """Sum up the Stars of the payments in each state."""
        statement = select(Payment.state, cast(func.sum(Payment.stars), BigInteger)).group_by(
            Payment.state
        )
        rows = await self._uow.session.execute(statement)
        return {PaymentState(state): stars for state, stars in rows}

    async def _change(self, charge_id: str, **values: Any) -> dto.Payment:  # noqa: ANN401 - columns
        statement = (
            update(Payment)
            .where(Payment.charge_id == charge_id)
            .values(**values)
            .returning(*_COLUMNS)
        )
        row = (await self._uow.session.execute(statement, execution_options=NO_ORM)).one()
        return _to_payment(row)


def _to_payment(row: AnyRow) -> dto.Payment:
    return dto.Payment(
        charge_id=row.charge_id,
        user_id=row.user_id,
        telegram_id=row.telegram_id,
        payload=row.payload,
        stars=row.stars,
        tokens=row.tokens,
        state=PaymentState(row.state),
        shortfall=row.shortfall,
        refund_attempts=row.refund_attempts,
        paid_at=row.paid_at,
        credited_at=row.credited_at,
    )
