"""The life of a hold: taken, and ended exactly once, by whoever comes first."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

from okno.accounts.errors import UserNotFound
from okno.billing.config import BillingSettings
from okno.billing.dto import Hold, HoldRequest, Settlement
from okno.billing.errors import BudgetSpent, PaymentRequired, TooManyGenerations
from okno.billing.service.ledger import Ledger
from okno.billing.service.report import HOLDS, UNITS_CHARGED, Report
from okno.billing.store.holds import EndedHold, HeldUnits, HoldEnd, HoldStore, NewHold
from okno.kit.actor import Actor, Forbidden
from okno.kit.clock import Clock
from okno.kit.errors import OknoError

_EXPIRED_AT_ONCE = 1000


class Holds:
    """Takes and ends holds within the open transaction."""

    def __init__(
        self,
        ledger: Ledger,
        store: HoldStore,
        clock: Clock,
        report: Report,
        settings: BillingSettings,
    ) -> None:
        self._ledger = ledger
        self._store = store
        self._clock = clock
        self._report = report
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
        """Do the same for users who are pinned, each once; None: there is no balance yet.

        An error is not raised, so that the others are served; `max_open` is the single one's.
        """
        new = [_new_hold(user_id, request) for user_id, request in asked]
        taken = await self._store.take(new, self._clock.now() + self._lifetime)
        holds = [
            self._decide(one, request, units)
            for one, (_, request), units in zip(new, asked, taken, strict=True)
        ]
        if number := sum(isinstance(hold, Hold) for hold in holds):
            self._report.count(HOLDS.labels("taken"), number)
        return holds

    async def end(self, actor: Actor, hold_id: UUID, used: int, note: str, outcome: str) -> int:
        """End the hold and charge what was used of it, at most all; return the charge.

        A hold that has ended already is no error: nothing is charged.
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
        self._report.tell(
            f"hold {outcome}",
            user_id=owner,
            hold=str(hold_id),
            amount=ended.amount,
            charged=ended.charged,
            note=note,
        )
        return ended.charged

    async def settle_many(self, settlements: Sequence[Settlement]) -> list[int]:
        """End holds of users who are pinned, each user once; return the charges.

        One log line for each would cost more than all the rest: whoever asks for it tells of it.
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
        """Return holds whose time is over, the oldest first, not more than a thousand."""
        return await self._store.expired(self._clock.now(), _EXPIRED_AT_ONCE)

    async def count(self) -> int:
        return await self._store.count()

    async def _limit(self, user_id: int, request: HoldRequest) -> None:
        """Refuse one more than may be; the lock keeps others from taking one meanwhile."""
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
            self._report.refused(new.user_id, error)
        return error

    def _count(self, ended: Sequence[EndedHold], outcome: str) -> None:
        if ended:
            self._report.count(HOLDS.labels(outcome), len(ended))
        if units := sum(one.charged for one in ended):
            self._report.count(UNITS_CHARGED, units)


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
