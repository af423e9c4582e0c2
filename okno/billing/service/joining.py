"""Billing's part when two accounts become one: two entries move the balance, no entry is changed.

The sum of both balances stays the same, and the entries of the emptied one stand as they were: the
statement of the other shows them, too.
"""

from okno.billing.dto import EntryKind
from okno.billing.errors import UnitsHeld
from okno.billing.service.ledger import Ledger
from okno.billing.store.joining import JoiningStore
from okno.billing.store.ledger import NewEntry


class BillingBelongings:
    """Balance, usage and payments; what API keys may spend goes with the keys."""

    def __init__(self, ledger: Ledger, store: JoiningStore) -> None:
        self._ledger = ledger
        self._store = store

    async def move(self, source: int, target: int) -> None:
        """See `okno.accounts.port.Belongings`. Raises `UnitsHeld`."""
        await self._store.move_payments(source, target)
        # A balance that was never looked at is opened now, with the welcome grant that is due.
        balances = {
            user_id: await self._ledger.lock(user_id) for user_id in sorted((source, target))
        }
        if any(balance.held for balance in balances.values()):
            raise UnitsHeld
        if amount := balances[source].balance:
            for user_id, change, key in (
                (source, -amount, f"joining:{source}:from"),
                (target, amount, f"joining:{source}:to"),
            ):
                await self._ledger.book(NewEntry(user_id, change, EntryKind.ADJUSTMENT, key))
        await self._store.merge(source, target, balances[source].used_total)
