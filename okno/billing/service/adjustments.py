"""Changes of a balance by an admin or a service: once per key, and never below what is held."""

from okno.billing.dto import Balance, EntryKind
from okno.billing.errors import AmountInvalid, BalanceTooLow, ChangeDiffers
from okno.billing.service.ledger import Ledger
from okno.billing.store.ledger import LedgerStore, NewEntry
from okno.kit.actor import Actor

MAX_AMOUNT = 10**12
"""Units that one adjustment may move: far below the limit of PostgreSQL's bigint."""


class Adjustments:
    """Books adjustments within the open transaction; the caller has checked the rights."""

    def __init__(self, ledger: Ledger, ledger_store: LedgerStore) -> None:
        self._ledger = ledger
        self._ledger_store = ledger_store

    async def change(
        self, actor: Actor, user_id: int, amount: int, kind: EntryKind, key: str
    ) -> Balance:
        """Add an amount, which may be negative, to the balance.

        Raises `AmountInvalid`, `UserNotFound`, `BalanceTooLow`, `ChangeDiffers`.
        """
        if not 0 < abs(amount) <= MAX_AMOUNT:
            raise AmountInvalid(limit=MAX_AMOUNT)
        return await self._change(actor, user_id, amount, kind, key)

    async def set(self, actor: Actor, user_id: int, amount: int, key: str) -> Balance:
        """Set the balance to an amount.

        Raises `AmountInvalid`, `UserNotFound`, `BalanceTooLow`, `ChangeDiffers`. An entry is
        written even when nothing changes: else a repeat would set the balance once more.
        """
        if not 0 <= amount <= MAX_AMOUNT:
            raise AmountInvalid(limit=MAX_AMOUNT)
        before = await self._ledger.lock(user_id)
        booked = await self._ledger_store.find(key)
        if booked is not None:
            if booked.balance_after != amount:
                raise ChangeDiffers
            return before
        difference = amount - before.balance
        return await self._change(actor, user_id, difference, EntryKind.ADJUSTMENT, key)

    async def _change(
        self, actor: Actor, user_id: int, amount: int, kind: EntryKind, key: str
    ) -> Balance:
        before = await self._ledger.lock(user_id)
        entry = NewEntry(user_id, amount, kind, key, created_by=actor.user_id)
        if not await self._ledger.try_to_book(entry):
            booked = await self._ledger_store.find(key)
            if booked is None:
                raise BalanceTooLow(available=before.available)
            if booked.amount != amount:
                raise ChangeDiffers
        return await self._ledger.lock(user_id)
