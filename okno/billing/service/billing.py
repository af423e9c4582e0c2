"""Use cases of balances: reserve, settle, release, look, and changes by hand."""

from uuid import UUID

from okno.billing.dto import (
    Balance,
    Counters,
    EntryKind,
    Hold,
    HoldRequest,
    LedgerEntry,
    PaymentState,
)
from okno.billing.errors import AmountInvalid, BalanceTooLow
from okno.billing.service.books import Books
from okno.billing.service.holds import Holds
from okno.billing.store.balances import BalanceStore
from okno.billing.store.holds import HoldStore
from okno.billing.store.ledger import LedgerStore, NewEntry
from okno.billing.store.payments import PaymentStore
from okno.kit.actor import Actor
from okno.kit.page import Page
from okno.kit.uow import UnitOfWork

MAX_AMOUNT = 10**12
"""Units that one entry by hand may move: far from the end of PostgreSQL's bigint."""


class BillingService:
    """Spends, gives and shows units. Every method joins a transaction that is open already."""

    def __init__(
        self,
        uow: UnitOfWork,
        books: Books,
        holds: Holds,
        balances: BalanceStore,
        ledger: LedgerStore,
        open_holds: HoldStore,
        payments: PaymentStore,
    ) -> None:
        self._uow = uow
        self._books = books
        self._holds = holds
        self._balances = balances
        self._ledger = ledger
        self._open_holds = open_holds
        self._payments = payments

    async def reserve(self, actor: Actor, request: HoldRequest) -> Hold:
        """Hold the most that a request may cost, or as much of it as the balance pays for.

        Raises `PaymentRequired` when that is too little for the shortest answer.
        """
        user_id = actor.require_user()
        async with self._uow.begin():
            return await self._holds.take(user_id, request)

    async def settle(self, actor: Actor, hold_id: UUID, amount: int, note: str) -> int:
        """End a hold and charge what was used, never more than was held; return the charge.

        0 when the hold has ended already: a repeat does nothing. `note` says what was paid for.
        """
        async with self._uow.begin():
            return await self._holds.end(actor, hold_id, amount, note, "settled")

    async def release(self, actor: Actor, hold_id: UUID, reason: str) -> None:
        """End a hold and charge nothing; a repeat does nothing. `reason` is logged."""
        async with self._uow.begin():
            await self._holds.end(actor, hold_id, 0, reason, "released")

    async def expire_holds(self, actor: Actor) -> int:
        """End the holds whose process died, each in a transaction of its own; count them."""
        actor.require_system()
        async with self._uow.begin():
            expired = await self._holds.expired()
        for hold_id in expired:
            async with self._uow.begin():
                await self._holds.end(actor, hold_id, 0, "its time is over", "expired")
        return len(expired)

    async def balance(self, actor: Actor) -> Balance:
        user_id = actor.require_user()
        async with self._uow.begin():
            return await self._balances.get(user_id) or await self._books.lock(user_id)

    async def statement(self, actor: Actor, page: int, size: int) -> Page[LedgerEntry]:
        """Return a page of the entries of the acting user, the newest first."""
        user_id = actor.require_user()
        async with self._uow.begin():
            if await self._balances.get(user_id) is None:
                await self._books.lock(user_id)
            total = await self._ledger.count(user_id)
            last = max(0, (total - 1) // size)
            number = min(max(page, 0), last)
            entries = await self._ledger.latest(user_id, number * size, size)
        return Page(entries, number, total, size)

    async def grant(self, actor: Actor, user_id: int, amount: int, key: str) -> Balance:
        """Give units to a user, once per key. Only an admin or the system may.

        Raises `AmountInvalid`, `UserNotFound`.
        """
        actor.require_admin()
        if not 0 < amount <= MAX_AMOUNT:
            raise AmountInvalid(limit=MAX_AMOUNT)
        entry = NewEntry(user_id, amount, EntryKind.GRANT, f"grant:{key}", created_by=actor.user_id)
        return await self._change_by_hand(entry)

    async def adjust(self, actor: Actor, user_id: int, amount: int, key: str) -> Balance:
        """Correct a balance up or down, once per key. Only an admin or the system may.

        Raises `AmountInvalid`, `UserNotFound`, and `BalanceTooLow` rather than take what is held.
        """
        actor.require_admin()
        if not 0 < abs(amount) <= MAX_AMOUNT:
            raise AmountInvalid(limit=MAX_AMOUNT)
        entry = NewEntry(
            user_id, amount, EntryKind.ADJUSTMENT, f"adjustment:{key}", created_by=actor.user_id
        )
        return await self._change_by_hand(entry)

    async def counters(self, actor: Actor) -> Counters:
        """Sum up all balances and payments. Only an admin or the system may."""
        actor.require_admin()
        async with self._uow.begin():
            users, sums = await self._balances.totals()
            stars = await self._payments.stars()
            open_holds = await self._open_holds.count()
        refunded = stars.pop(PaymentState.REFUNDED, 0)
        return Counters(
            users=users,
            balance=sums.balance,
            held=sums.held,
            used_total=sums.used_total,
            open_holds=open_holds,
            stars_paid=sum(stars.values()),
            stars_refunded=refunded,
        )

    async def _change_by_hand(self, entry: NewEntry) -> Balance:
        async with self._uow.begin():
            before = await self._books.lock(entry.user_id)
            if await self._books.book(entry) is None and not await self._ledger.knows(entry.key):
                raise BalanceTooLow(available=before.available)
            return await self._books.lock(entry.user_id)
