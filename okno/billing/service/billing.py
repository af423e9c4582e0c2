"""Use cases of balances: reserve, settle and release, show, grant and adjust."""

from collections.abc import Sequence
from uuid import UUID

from okno.billing.dto import (
    Balance,
    Budget,
    Counters,
    EntryKind,
    Hold,
    HoldRequest,
    LedgerEntry,
    PaymentState,
    Settlement,
    Spread,
)
from okno.billing.errors import AmountInvalid
from okno.billing.scopes import BILLING
from okno.billing.service.adjustments import MAX_AMOUNT, Adjustments
from okno.billing.service.holds import Holds
from okno.billing.service.ledger import Ledger
from okno.billing.store.balances import BalanceStore
from okno.billing.store.budgets import BudgetStore
from okno.billing.store.ledger import LedgerStore
from okno.billing.store.payments import PaymentStore
from okno.kit.actor import Actor
from okno.kit.errors import OknoError
from okno.kit.page import Page
from okno.kit.uow import UnitOfWork


class BillingService:
    """Changes and shows balances. Every method joins a transaction that is open."""

    def __init__(
        self,
        uow: UnitOfWork,
        ledger: Ledger,
        holds: Holds,
        adjustments: Adjustments,
        balances: BalanceStore,
        budgets: BudgetStore,
        ledger_store: LedgerStore,
        payments: PaymentStore,
    ) -> None:
        self._uow = uow
        self._ledger = ledger
        self._holds = holds
        self._adjustments = adjustments
        self._balances = balances
        self._budgets = budgets
        self._ledger_store = ledger_store
        self._payments = payments

    async def reserve(self, actor: Actor, request: HoldRequest) -> Hold:
        """Hold the maximum that a request may cost, or as much of it as the balance pays for.

        Raises `PaymentRequired` when that is too little for the shortest answer, `BudgetSpent` when
        the API key may not spend so much, `TooManyGenerations`, `UserNotFound`.
        """
        user_id = actor.require_user()
        async with self._uow.begin(keep_plans=True):
            return await self._holds.take(user_id, request)

    async def reserve_many(
        self, actor: Actor, asked: Sequence[tuple[int, HoldRequest]]
    ) -> list[Hold | OknoError | None]:
        """Hold for many users, who are pinned, one hold per user. Only the system may.

        An error stands in the list instead of being raised, so that the others are served. None:
        the user has no balance yet, which `balance` opens.
        """
        actor.require_system()
        async with self._uow.begin(keep_plans=True):
            return await self._holds.take_many(asked)

    async def settle_many(self, actor: Actor, settlements: Sequence[Settlement]) -> list[int]:
        """End holds of many users, who are pinned, one hold per user; return the charges.

        0 where the hold has ended before: a repeat does nothing. Only the system may.
        """
        actor.require_system()
        async with self._uow.begin(keep_plans=True):
            return await self._holds.settle_many(settlements)

    async def settle(self, actor: Actor, hold_id: UUID, amount: int, note: str) -> int:
        """End a hold and charge the units used, at most those held; return the charge.

        0 when the hold has ended before: a repeat does nothing. `note` says what was paid for.
        Raises `Forbidden` for a hold of another user.
        """
        async with self._uow.begin(keep_plans=True):
            return await self._holds.end(actor, hold_id, amount, note, "settled")

    async def release(self, actor: Actor, hold_id: UUID, reason: str) -> None:
        """End a hold and charge nothing; a repeat does nothing. `reason` is logged.

        Raises `Forbidden` for a hold of another user.
        """
        async with self._uow.begin(keep_plans=True):
            await self._holds.end(actor, hold_id, 0, reason, "released")

    async def expire_holds(self, actor: Actor) -> int:
        """End the holds whose process died; return their number. Only the system may."""
        actor.require_system()
        async with self._uow.begin():
            expired = await self._holds.expired()
        for hold_id in expired:
            async with self._uow.begin():
                await self._holds.end(actor, hold_id, 0, "its time is over", "expired")
        return len(expired)

    async def balance(self, actor: Actor) -> Balance:
        """Return the acting user's balance, opened by the first call. Raises `UserNotFound`."""
        user_id = actor.require_user()
        async with self._uow.begin():
            return await self._balances.get(user_id) or await self._ledger.lock(user_id)

    async def balances(self, actor: Actor, user_ids: Sequence[int]) -> dict[int, Balance]:
        """Return the balances of those who have one yet. Only an admin or the system may."""
        actor.require_admin()
        async with self._uow.begin():
            return await self._balances.of(user_ids)

    async def statement(self, actor: Actor, page: int, size: int) -> Page[LedgerEntry]:
        """Return a page of the acting user's entries, the newest first. Raises `UserNotFound`."""
        user_id = actor.require_user()
        async with self._uow.begin():
            if await self._balances.get(user_id) is None:
                await self._ledger.lock(user_id)
            return await self._ledger_store.page(user_id, page, size)

    async def grant(self, actor: Actor, user_id: int, amount: int, key: str) -> Balance:
        """Give units to a user, once per key. Only an admin or the system may.

        Raises `AmountInvalid`, `ChangeDiffers`, `UserNotFound`.
        """
        actor.require_admin()
        if amount < 0:
            raise AmountInvalid(limit=MAX_AMOUNT)
        return await self._change(actor, user_id, amount, EntryKind.GRANT, f"grant:{key}")

    async def adjust(self, actor: Actor, user_id: int, amount: int, key: str) -> Balance:
        """Correct a balance up or down, once per key. Only an admin or the system may.

        Raises `AmountInvalid`, `ChangeDiffers`, `UserNotFound`, and `BalanceTooLow` rather than
        take units that are held.
        """
        actor.require_admin()
        return await self._change(actor, user_id, amount, EntryKind.ADJUSTMENT, f"adjustment:{key}")

    async def top_up(self, actor: Actor, user_id: int, amount: int, key: str) -> Balance:
        """Add units that were sold outside of Okno, once per key of this actor and user.

        Only an admin, the system or a service with the scope `billing` may. Raises `AmountInvalid`,
        `ChangeDiffers`, `UserNotFound`.
        """
        actor.require_scope(BILLING)
        if amount < 0:
            raise AmountInvalid(limit=MAX_AMOUNT)
        own_key = f"topup:{user_id}:{_name(actor)}:{key}"
        return await self._change(actor, user_id, amount, EntryKind.TOPUP, own_key)

    async def set_balance(self, actor: Actor, user_id: int, amount: int, key: str) -> Balance:
        """Set a balance to an amount, once per key of this actor and user; book the difference.

        Only an admin or the system may. Raises `AmountInvalid`, `ChangeDiffers`, `UserNotFound`,
        and `BalanceTooLow` when more than that is held.
        """
        actor.require_admin()
        async with self._uow.begin():
            return await self._adjustments.set(
                actor, user_id, amount, f"balance:{user_id}:{_name(actor)}:{key}"
            )

    async def set_budget(self, actor: Actor, api_key_id: int, amount: int | None) -> None:
        """Set the budget of an API key; None: the balance is the limit.

        Only the system may. Raises `AmountInvalid`.
        """
        actor.require_system()
        if amount is not None and not 0 < amount <= MAX_AMOUNT:
            raise AmountInvalid(limit=MAX_AMOUNT)
        async with self._uow.begin():
            if amount is None:
                await self._budgets.remove(api_key_id)
            else:
                await self._budgets.put(api_key_id, amount)

    async def budgets(self, actor: Actor, api_key_ids: Sequence[int]) -> dict[int, Budget]:
        """Return the budgets of those of the acting user's keys that have one."""
        actor.require_user()
        async with self._uow.begin():
            return await self._budgets.get(api_key_ids)

    async def spread(self, actor: Actor) -> Spread:
        """Return mean and median of all balances, which reads all of them.

        Only an admin or the system may.
        """
        actor.require_admin()
        async with self._uow.begin():
            return await self._balances.spread()

    async def counters(self, actor: Actor) -> Counters:
        """Sum up all balances and payments. Only an admin or the system may."""
        actor.require_admin()
        async with self._uow.begin():
            users, sums = await self._balances.totals()
            stars = await self._payments.stars()
            open_holds = await self._holds.count()
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

    async def _change(
        self, actor: Actor, user_id: int, amount: int, kind: EntryKind, key: str
    ) -> Balance:
        async with self._uow.begin():
            return await self._adjustments.change(actor, user_id, amount, kind, key)


def _name(actor: Actor) -> str:
    """Return a name of the actor, so that keys of two actors never collide."""
    return f"{actor.role}-{actor.user_id or actor.service_id or 0}"
