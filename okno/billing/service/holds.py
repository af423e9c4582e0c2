"""The life of a hold: taken, and ended exactly once, by whoever comes first."""

from datetime import timedelta
from uuid import UUID, uuid4

from okno.accounts.errors import UserNotFound
from okno.billing.config import BillingSettings
from okno.billing.dto import EntryKind, Hold, HoldRequest
from okno.billing.errors import PaymentRequired
from okno.billing.service.books import Books
from okno.billing.service.report import HOLDS, UNITS_CHARGED, Report
from okno.billing.store.balances import BalanceStore, HeldUnits
from okno.billing.store.holds import HoldStore
from okno.billing.store.ledger import NewEntry
from okno.kit.actor import Actor, Forbidden
from okno.kit.clock import Clock

_EXPIRED_AT_ONCE = 1000


class Holds:
    """Takes and ends holds within the open transaction."""

    def __init__(
        self,
        books: Books,
        balances: BalanceStore,
        store: HoldStore,
        clock: Clock,
        report: Report,
        settings: BillingSettings,
    ) -> None:
        self._books = books
        self._balances = balances
        self._store = store
        self._clock = clock
        self._report = report
        self._lifetime = timedelta(seconds=settings.hold_seconds)

    async def take(self, user_id: int, request: HoldRequest) -> Hold:
        """Hold what the request may cost. Raises `PaymentRequired`, `UserNotFound`."""
        if await self._books.pin(user_id) is None:
            raise UserNotFound
        held = await self._balances.hold(user_id, request)
        if held is None:
            held = await self._try_again(user_id, request)
        hold = Hold(uuid4(), held.amount, held.max_tokens)
        expires_at = self._clock.now() + self._lifetime
        await self._store.add(hold.id, user_id, hold.amount, request.purpose, expires_at)
        self._report.count(HOLDS.labels("taken"))
        self._report.tell(
            "hold taken",
            user_id=user_id,
            hold=str(hold.id),
            amount=hold.amount,
            max_tokens=hold.max_tokens,
            purpose=request.purpose,
        )
        return hold

    async def end(self, actor: Actor, hold_id: UUID, used: int, note: str, outcome: str) -> int:
        """End the hold and charge what was used of it, at most all; return the charge.

        A hold that has ended already is no error: nothing is charged.
        """
        owner = await self._store.owner(hold_id)
        if owner is None or await self._books.pin(owner) is None:
            return 0
        if actor.user_id not in (None, owner):
            raise Forbidden
        await self._balances.lock(owner)
        amount = await self._store.remove(hold_id)
        if amount is None:
            return 0  # somebody else was faster
        charged = min(max(used, 0), amount)
        await self._balances.unhold(owner, amount, charged)
        if charged:
            await self._charge(owner, charged, hold_id, note)
        self._report.count(HOLDS.labels(outcome))
        self._report.tell(
            f"hold {outcome}",
            user_id=owner,
            hold=str(hold_id),
            amount=amount,
            charged=charged,
            note=note,
        )
        return charged

    async def expired(self) -> list[UUID]:
        """Return holds whose time is over, the oldest first, not more than a thousand."""
        return await self._store.expired(self._clock.now(), _EXPIRED_AT_ONCE)

    async def _try_again(self, user_id: int, request: HoldRequest) -> HeldUnits:
        """Decide on the locked balance, which may just have come to be."""
        balance = await self._books.lock(user_id)
        held = await self._balances.hold(user_id, request)
        if held is None:
            self._report.refused(user_id, balance.available, request.shortest)
            raise PaymentRequired(available=balance.available, needed=request.shortest)
        return held

    async def _charge(self, user_id: int, amount: int, hold_id: UUID, note: str) -> None:
        await self._books.book(NewEntry(user_id, -amount, EntryKind.USAGE, f"hold:{hold_id}", note))
        self._report.count(UNITS_CHARGED, amount)
