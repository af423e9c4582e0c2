"""Billing's part when two accounts are joined, one is deleted or exported.

Two entries move the balance, no entry is changed. The sum of both balances stays the same. The
entries of the empty balance stay where they are, and the statement of the other user shows them,
too.
"""

from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

from okno.billing.dto import EntryKind
from okno.billing.errors import UnitsHeld
from okno.billing.service import BillingService
from okno.billing.service.ledger import Ledger
from okno.billing.store.joining import JoiningStore
from okno.billing.store.ledger import NewEntry
from okno.kit.actor import Actor
from okno.kit.page import all_items


class BillingData:
    """Moves balance, usage and payments; the budgets go with the API keys."""

    def __init__(self, ledger: Ledger, store: JoiningStore, billing: BillingService) -> None:
        self._ledger = ledger
        self._store = store
        self._billing = billing

    async def move(self, source: int, target: int) -> None:
        """Raise `UnitsHeld` while an answer is generated for one of the accounts."""
        await self._store.move_payments(source, target)
        # A balance that does not exist yet is opened now, with its welcome grant.
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

    async def forget(self, user_id: int) -> None:
        """Do nothing: PostgreSQL deletes or releases all rows with the user."""

    async def export(self, actor: Actor) -> Mapping[str, Any]:
        statement = partial(self._billing.statement, actor)
        return {
            "balance": asdict(await self._billing.balance(actor)),
            "ledger": [asdict(entry) async for entry in all_items(statement)],
        }
