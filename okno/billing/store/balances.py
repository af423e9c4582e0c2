"""Queries of balances: every change of one is a single conditional statement on its row."""

from dataclasses import dataclass

from sqlalchemy import BigInteger, Numeric, Update, case, cast, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from okno.billing import models
from okno.billing.dto import Balance, HoldRequest
from okno.kit.uow import UnitOfWork

_BALANCE = (models.Balance.balance, models.Balance.held, models.Balance.used_total)
_NO_ORM = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class HeldUnits:
    """What was held, and how many tokens of an answer it pays for."""

    amount: int
    max_tokens: int


class BalanceStore:
    """Reads and writes the table `balances`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def open(self, user_id: int) -> bool:
        """Make an empty balance; False when there is one already."""
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

    async def lock(self, user_id: int) -> Balance | None:
        """Read the balance and let nobody else change it until the transaction ends."""
        statement = select(*_BALANCE).where(models.Balance.user_id == user_id).with_for_update()
        row = (await self._uow.session.execute(statement)).one_or_none()
        return None if row is None else Balance(*row)

    async def hold(self, user_id: int, request: HoldRequest) -> HeldUnits | None:
        """Hold what the request may cost, or as much of it as the balance pays for.

        Decided and done in one statement on the locked row. None: it does not even pay for the
        shortest answer, or there is no balance.
        """
        row = (await self._uow.session.execute(_hold(user_id, request), None)).one_or_none()
        return None if row is None else HeldUnits(*row)

    async def unhold(self, user_id: int, amount: int, used: int) -> None:
        """End a hold of which so much was used; the ledger entry takes that off the balance."""
        await self._uow.session.execute(
            update(models.Balance)
            .where(models.Balance.user_id == user_id)
            .values(held=models.Balance.held - amount, used_total=models.Balance.used_total + used),
            execution_options=_NO_ORM,
        )

    async def totals(self) -> tuple[int, Balance]:
        """Return the number of balances and the sum of all."""
        sums = (func.coalesce(cast(func.sum(column), BigInteger), 0) for column in _BALANCE)
        users, *columns = (
            await self._uow.session.execute(select(func.count(), *sums).select_from(models.Balance))
        ).one()
        return users, Balance(*columns)


def _hold(user_id: int, request: HoldRequest) -> Update:
    """Write the statement: the inner SELECT locks the row and decides, the UPDATE holds.

    The arithmetic is that of `numeric`, which is exact here: `div` gives whole tokens, and their
    price is rounded up to whole units once, as `Price.cost` does.
    """
    prompt = literal(request.price.input * request.input_tokens, Numeric)
    rate = literal(request.price.output, Numeric)
    available = models.Balance.balance - models.Balance.held
    tokens = case(
        (available >= request.longest, request.max_tokens),
        else_=func.div(available - prompt, rate, type_=Numeric),
    )
    affordable = (
        select(models.Balance.user_id, cast(tokens, BigInteger).label("tokens"))
        .where(models.Balance.user_id == user_id, available >= request.shortest)
        .with_for_update()
        .subquery()
    )
    amount = cast(func.ceil(prompt + rate * affordable.c.tokens), BigInteger)
    return (
        update(models.Balance)
        .where(models.Balance.user_id == affordable.c.user_id)
        .values(held=models.Balance.held + amount)
        .returning(amount, affordable.c.tokens)
        .execution_options(**_NO_ORM)
    )
