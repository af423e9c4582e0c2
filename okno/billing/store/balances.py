"""Queries of balances. The stores of the ledger and of holds change them."""

from collections.abc import Sequence

from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.dialects.postgresql import insert

from okno.billing import models
from okno.billing.dto import Balance, Spread
from okno.kit.uow import UnitOfWork

_BALANCE = (models.Balance.balance, models.Balance.held, models.Balance.used_total)


class BalanceStore:
    """Reads and writes the table `balances`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def open(self, user_id: int) -> bool:
        """Make an empty balance; False: there is one already."""
        statement = (
            insert(models.Balance)
            .values(user_id=user_id, balance=0)
            .on_conflict_do_nothing()
            .returning(models.Balance.user_id)
        )
        return await self._uow.session.scalar(statement) is not None

    async def get(self, user_id: int) -> Balance | None:
        statement = select(*_BALANCE).where(models.Balance.user_id == user_id)
        row = (await self._uow.session.execute(statement)).one_or_none()
        return None if row is None else Balance(*row)

    async def of(self, user_ids: Sequence[int]) -> dict[int, Balance]:
        """Return the balances of those users who have one."""
        statement = select(models.Balance.user_id, *_BALANCE).where(
            models.Balance.user_id.in_(user_ids)
        )
        rows = await self._uow.session.execute(statement)
        return {user_id: Balance(*balance) for user_id, *balance in rows}

    async def lock(self, user_id: int) -> Balance | None:
        """Lock the balance until the transaction ends, and return it."""
        statement = select(*_BALANCE).where(models.Balance.user_id == user_id).with_for_update()
        row = (await self._uow.session.execute(statement)).one_or_none()
        return None if row is None else Balance(*row)

    async def totals(self) -> tuple[int, Balance]:
        """Return the number of users who have a balance, and the sum of all."""
        sums = (func.coalesce(cast(func.sum(column), BigInteger), 0) for column in _BALANCE)
        counted = func.count().filter(models.Balance.merged_into.is_(None))
        totals = await self._uow.session.execute(select(counted, *sums).select_from(models.Balance))
        users, *columns = totals.one()
        return users, Balance(*columns)

    async def spread(self) -> Spread:
        median = func.percentile_cont(0.5).within_group(models.Balance.balance)
        averages = select(func.avg(models.Balance.balance), median).where(
            models.Balance.merged_into.is_(None)
        )
        mean, middle = (await self._uow.session.execute(averages)).one()
        return Spread(float(mean or 0), float(middle or 0))
