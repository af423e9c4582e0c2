"""Holds: each is taken once, and ended once by the first of those who try."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from uuid import UUID, uuid4

import structlog

from okno.accounts.errors import UserNotFound
from okno.billing.config import BillingSettings
from okno.billing.dto import Hold, HoldRequest, Settlement
from okno.billing.errors import BudgetSpent, PaymentRequired, TooManyGenerations
from okno.billing.service.ledger import Ledger
from okno.billing.service.metrics import HOLDS, UNITS_CHARGED
from okno.billing.store.holds import EndedHold, HeldUnits, HoldEnd, HoldStore, NewHold
from okno.kit.actor import Actor, Forbidden
from okno.kit.clock import Clock
from okno.kit.errors import OknoError
from okno.kit.uow import UnitOfWork

log = structlog.get_logger(__name__)

_MAX_EXPIRED_AT_ONCE = 1000


class Holds:
    """Takes and ends holds within the open transaction."""

    def __init__(
        self,
        uow: UnitOfWork,
        ledger: Ledger,
        store: HoldStore,
        clock: Clock,
        settings: BillingSettings,
    ) -> None:
        self._uow = uow
        self._ledger = ledger
        self._store = store
        self._clock = clock
        self._lifetime = timedelta(seconds=settings.hold_seconds)

    async def take(self, user_id: int, request: HoldRequest) -> Hold:
        """Hold what the request may cost.

        Raises `PaymentRequired`, `BudgetSpent`, `TooManyGenerations`, `UserNotFound`.
        """
        if request.max_open is not None:
            await self._limit(user_id, request)
        elif await self._ledger.pin(user_id) is None:
            raise UserNotFound
        (hold,) = await self.take_many([(user_id, request)])
        if hold is None:
            await self._ledger.lock(user_id)
            (hold,) = await self.take_many([(user_id, request)])
        if isinstance(hold, Hold):
            return hold
        raise hold or RuntimeError("a balance that was opened is not there")

    async def take_many(
        self, asked: Sequence[tuple[int, HoldRequest]]
    ) -> list[Hold | OknoError | None]:
        """Take holds for users who are pinned, one hold per user; None: the user has no balance.

        An error stands in the list instead of being raised, so that the others are served.
        `max_open` is not looked at: only `take` does that.
        """
        new = [_new_hold(user_id, request) for user_id, request in asked]
        taken = await self._store.take(new, self._clock.now() + self._lifetime)
        holds = [
            self._decide(one, request, units)
            for one, (_, request), units in zip(new, asked, taken, strict=True)
        ]
        if number := sum(isinstance(hold, Hold) for hold in holds):
            self._uow.after_commit(partial(HOLDS.labels("taken").inc, number))
        return holds

    async def end(self, actor: Actor, hold_id: UUID, used: int, note: str, outcome: str) -> int:
        """End a hold and charge the units used, at most those held; return the charge.

        A hold that has ended before is no error: nothing is charged. Raises `Forbidden` for a hold
        of another user.
        """
        owner = await self._store.owner(hold_id)
        if owner is None or await self._ledger.pin(owner) is None:
            return 0
        if actor.user_id not in (None, owner):
            raise Forbidden
        (ended,) = await self._store.end([HoldEnd(hold_id, used, note)], self._clock.now())
        if ended is None:
            return 0  # somebody else was faster
        self._count([ended], outcome)
        self._uow.after_commit(
            partial(
                log.info,
                f"hold {outcome}",
                user_id=owner,
                hold=str(hold_id),
                amount=ended.amount,
                charged=ended.charged,
                note=note,
            )
        )
        return ended.charged

    async def settle_many(self, settlements: Sequence[Settlement]) -> list[int]:
        """End holds of users who are pinned, one hold per user; return the charges.

        No hold gets a log line here, which would cost more than all the rest: callers log it.
        """
        ends = [HoldEnd(one.hold_id, one.used or 0, one.note) for one in settlements]
        ended = await self._store.end(ends, self._clock.now())
        settled: list[EndedHold] = []
        released: list[EndedHold] = []
        for settlement, one in zip(settlements, ended, strict=True):
            if one is not None:
                (released if settlement.used is None else settled).append(one)
        self._count(settled, "settled")
        self._count(released, "released")
        return [0 if one is None else one.charged for one in ended]

    async def expired(self) -> list[UUID]:
        """Return holds whose time is over, the oldest first, at most a thousand."""
        return await self._store.expired(self._clock.now(), _MAX_EXPIRED_AT_ONCE)

    async def count(self) -> int:
        return await self._store.count()

    async def _limit(self, user_id: int, request: HoldRequest) -> None:
        """Raise `TooManyGenerations` at the limit. The lock keeps others from taking one now."""
        await self._ledger.lock(user_id)
        if request.max_open is not None and (
            await self._store.open(user_id, request.purpose) >= request.max_open
        ):
            raise TooManyGenerations(limit=request.max_open)

    def _decide(
        self, new: NewHold, request: HoldRequest, held: HeldUnits
    ) -> Hold | OknoError | None:
        if held.available is None:
            return None
        if held.amount is not None and held.max_tokens is not None:
            return Hold(new.id, held.amount, held.max_tokens)
        error: OknoError = PaymentRequired(available=held.available, needed=request.shortest)
        if held.available >= request.shortest and held.budget is not None:
            error = BudgetSpent(available=held.budget, needed=request.shortest)
        if not request.is_tentative:
            # At once, since the transaction may end in a rollback.
            HOLDS.labels("refused").inc()
            log.info("hold refused", user_id=new.user_id, code=error.code, **error.values)
        return error

    def _count(self, ended: Sequence[EndedHold], outcome: str) -> None:
        if ended:
            self._uow.after_commit(partial(HOLDS.labels(outcome).inc, len(ended)))
        if units := sum(one.charged for one in ended):
            self._uow.after_commit(partial(UNITS_CHARGED.inc, units))


def _new_hold(user_id: int, request: HoldRequest) -> NewHold:
    return NewHold(
        id=uuid4(),
        user_id=user_id,
        prompt=request.price.input * request.input_tokens,
        rate=request.price.output,
        longest=request.longest,
        shortest=request.shortest,
        max_tokens=request.max_tokens,
        purpose=request.purpose,
        api_key_id=request.api_key_id,
    )
