"""Queries that join the money of two accounts, whose balances are locked."""

from sqlalchemy import update

from okno.billing.models import Balance, Payment
from okno.kit.uow import NO_ORM, UnitOfWork


class JoiningStore:
    """Changes the owner of payments, balance and usage."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def move_payments(self, source: int, target: int) -> None:
        await self._uow.session.execute(
            update(Payment).where(Payment.user_id == source).values(user_id=target),
            execution_options=NO_ORM,
        )

    async def merge(self, source: int, target: int, used: int) -> None:
        """Store the new owner of the balance; `used`: the total usage of `source`."""
        for values, user_id in (
            ({"merged_into": target, "used_total": Balance.used_total - used}, source),
            ({"used_total": Balance.used_total + used}, target),
        ):
            await self._uow.session.execute(
                update(Balance).where(Balance.user_id == user_id).values(**values),
                execution_options=NO_ORM,
            )
