"""Queries of the budgets of API keys; `HoldStore` changes the part that is held."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from okno.billing import models
from okno.billing.dto import Budget
from okno.kit.uow import NO_ORM, UnitOfWork


class BudgetStore:
    """Reads and writes the table `budgets`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def put(self, api_key_id: int, amount: int) -> None:
        """Set the amount, but not below the part that is used or held."""
        own = insert(models.Budget).values(api_key_id=api_key_id, amount=amount)
        burdened = models.Budget.used + models.Budget.held
        await self._uow.session.execute(
            own.on_conflict_do_update(
                index_elements=[models.Budget.api_key_id],
                set_={"amount": func.greatest(own.excluded.amount, burdened)},
            )
        )

    async def remove(self, api_key_id: int) -> None:
        await self._uow.session.execute(
            delete(models.Budget).where(models.Budget.api_key_id == api_key_id),
            execution_options=NO_ORM,
        )

    async def get(self, api_key_ids: Sequence[int]) -> dict[int, Budget]:
        """Return the budgets of those keys that have one."""
        statement = select(
            models.Budget.api_key_id,
            models.Budget.amount,
            models.Budget.used,
            models.Budget.held,
        ).where(models.Budget.api_key_id.in_(api_key_ids))
        rows = await self._uow.session.execute(statement)
        return {api_key_id: Budget(*budget) for api_key_id, *budget in rows}
