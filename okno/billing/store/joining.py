"""Queries that put two accounts' money under one user. Both balances are locked."""

from sqlalchemy import update

from okno.billing.models import Balance, Payment
from okno.kit.uow import UnitOfWork

_NO_ORM = {"synchronize_session": False}


class JoiningStore:
    """Changes whose payments, balance and usage these are."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def move_payments(self, source: int, target: int) -> None:
        await self._uow.session.execute(
            update(Payment).where(Payment.user_id == source).values(user_id=target),
            execution_options=_NO_ORM,
        )

    async def merge(self, source: int, target: int, used: int) -> None:
        """Note whose balance it is now; `used`: all that `source` has ever used."""
        for values, user_id in (
            ({"merged_into": target, "used_total": Balance.used_total - used}, source),
            ({"used_total": Balance.used_total + used}, target),
        ):
            await self._uow.session.execute(
                update(Balance).where(Balance.user_id == user_id).values(**values),
                execution_options=_NO_ORM,
            )
