"""Queries of holds: each statement handles many at once, one hold per user.

One statement on the locked row decides whether a balance pays for a request, and holds the units.
The locks are taken in one order: balances, budgets, holds, and each kind by id.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select

from okno.billing.models import Hold
from okno.kit.uow import UnitOfWork

_PURPOSE_LENGTH = 128
_NOTE_LENGTH = 255


@dataclass(frozen=True, slots=True)
class NewHold:
    """The cost of a request: `prompt` units and `rate` units per token of the answer.

    `longest`: units for an answer of `max_tokens`; `shortest`: units for the shortest answer.
    """

    id: UUID
    user_id: int
    prompt: Decimal
    rate: Decimal
    longest: int
    shortest: int
    max_tokens: int
    purpose: str
    api_key_id: int | None


@dataclass(frozen=True, slots=True)
class HeldUnits:
    """The units held, and the tokens of an answer that they pay for; both None: nothing is held.

    `available`: units of the balance before the hold, None without a balance; `budget`: units left
    to the API key, None without a limit.
    """

    available: int | None
    budget: int | None
    amount: int | None
    max_tokens: int | None


@dataclass(frozen=True, slots=True)
class HoldEnd:
    """The end of a hold: `used` units are charged, at most those held."""

    id: UUID
    used: int
    note: str


@dataclass(frozen=True, slots=True)
class EndedHold:
    """A hold that was ended by this statement."""

    user_id: int
    amount: int
    charged: int


class HoldStore:
    """Reads and writes the table `holds`, and the held part of balances and budgets."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def take(self, asked: Sequence[NewHold], expires_at: datetime) -> list[HeldUnits]:
        """Hold the cost of each request, or as much of it as balance and budget pay for.

        Nothing is held when that is too little for the shortest answer. The users are pinned.
        """
        rows = await self._uow.fetch(
            _TAKE,
            [one.id for one in asked],
            [one.user_id for one in asked],
            [one.prompt for one in asked],
            [one.rate for one in asked],
            [one.longest for one in asked],
            [one.shortest for one in asked],
            [one.max_tokens for one in asked],
            [one.purpose[:_PURPOSE_LENGTH] for one in asked],
            [one.api_key_id for one in asked],
            expires_at,
        )
        found = {hold_id: HeldUnits(*units) for hold_id, *units in rows}
        return [found[one.id] for one in asked]

    async def end(self, ends: Sequence[HoldEnd], now: datetime) -> list[EndedHold | None]:
        """End the holds and write the charges into the ledger; the users are pinned.

        None: the hold had ended before. So a hold that two end at once ends once.
        """
        rows = await self._uow.fetch(
            _END,
            [one.id for one in ends],
            [one.used for one in ends],
            [one.note[:_NOTE_LENGTH] for one in ends],
            now,
        )
        found = {hold_id: EndedHold(*ended) for hold_id, *ended in rows}
        return [found.get(one.id) for one in ends]

    async def owner(self, hold_id: UUID) -> int | None:
        return await self._uow.session.scalar(select(Hold.user_id).where(Hold.id == hold_id))

    async def open(self, user_id: int, purpose: str) -> int:
        """Count the user's holds of this purpose. The caller has locked the balance."""
        statement = select(func.count()).where(Hold.user_id == user_id, Hold.purpose == purpose)
        return await self._uow.session.scalar(statement) or 0

    async def expired(self, now: datetime, limit: int) -> list[UUID]:
        statement = (
            select(Hold.id).where(Hold.expires_at <= now).order_by(Hold.expires_at).limit(limit)
        )
        return list(await self._uow.session.scalars(statement))

    async def count(self) -> int:
        return await self._uow.session.scalar(select(func.count()).select_from(Hold)) or 0


# The UPDATEs set all that the CHECKs look at, from the row as it was locked: PostgreSQL checks the
# new row before it finds that the one which the statement saw at first has been changed meanwhile.

# The arithmetic is that of `numeric`, which is exact here: `div` gives whole tokens, and their
# price is rounded up to whole units once, as `Price.cost` does. LEAST passes over a NULL: a key
# without a limit.
_TAKE = """
WITH asked AS (
    SELECT * FROM unnest(
        $1::uuid[], $2::bigint[], $3::numeric[], $4::numeric[], $5::bigint[], $6::bigint[],
        $7::bigint[], $8::text[], $9::bigint[]
    ) AS asked (
        id, user_id, prompt, rate, longest, shortest, max_tokens, purpose, api_key_id
    )
), payer AS (
    SELECT user_id, balance, held FROM balances
    WHERE user_id = ANY ($2) ORDER BY user_id FOR NO KEY UPDATE
), budget AS (
    SELECT api_key_id AS budget_id, amount, used, held AS budget_held FROM budgets
    WHERE api_key_id = ANY ($9) AND (SELECT count(*) FROM payer) > 0
    ORDER BY api_key_id FOR NO KEY UPDATE
), sized AS (
    SELECT *, least(balance - held, amount - used - budget_held) AS payable
    FROM asked JOIN payer USING (user_id) LEFT JOIN budget ON budget_id = api_key_id
), decided AS (
    SELECT *, CASE
        WHEN payable >= longest THEN max_tokens
        WHEN payable >= shortest THEN div(payable - prompt, rate)::bigint
    END AS tokens
    FROM sized
), priced AS (
    SELECT *, ceil(prompt + rate * tokens)::bigint AS units FROM decided
), burdened AS (
    UPDATE balances SET balance = priced.balance, held = priced.held + units
    FROM priced WHERE balances.user_id = priced.user_id AND units IS NOT NULL
), budgeted AS (
    UPDATE budgets SET amount = priced.amount, used = priced.used, held = budget_held + units
    FROM priced WHERE budgets.api_key_id = budget_id AND units IS NOT NULL
), taken AS (
    INSERT INTO holds (id, user_id, amount, purpose, api_key_id, expires_at)
    SELECT id, user_id, units, purpose, budget_id, $10 FROM priced WHERE units IS NOT NULL
)
SELECT asked.id, balance - held, amount - used - budget_held, units, tokens
FROM asked LEFT JOIN priced USING (id)
"""

# A hold that somebody else ends meanwhile is not deleted here, although the statement has seen it
# before it waited for the balance.
_END = """
WITH ends AS (
    SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::text[]) AS ends (id, claimed, note)
), open AS (
    SELECT user_id, api_key_id FROM holds WHERE id = ANY ($1)
), payer AS (
    SELECT user_id, balance, held, used_total FROM balances
    WHERE user_id IN (SELECT user_id FROM open) ORDER BY user_id FOR NO KEY UPDATE
), budget AS (
    SELECT api_key_id AS budget_id, amount AS most, used, held AS budget_held FROM budgets
    WHERE api_key_id IN (SELECT api_key_id FROM open) AND (SELECT count(*) FROM payer) > 0
    ORDER BY api_key_id FOR NO KEY UPDATE
), ended AS (
    DELETE FROM holds USING payer
    WHERE id = ANY ($1) AND holds.user_id = payer.user_id
        AND (SELECT count(*) FROM budget) >= 0
    RETURNING id, payer.*, amount, api_key_id
), charged AS (
    SELECT *, least(greatest(claimed, 0), amount) AS units
    FROM ended JOIN ends USING (id) LEFT JOIN budget ON budget_id = api_key_id
), paid AS (
    UPDATE balances SET
        balance = charged.balance - units,
        held = charged.held - amount,
        used_total = charged.used_total + units
    FROM charged WHERE balances.user_id = charged.user_id
), budgeted AS (
    UPDATE budgets SET
        amount = most,
        used = charged.used + units,
        held = budget_held - charged.amount
    FROM charged WHERE budgets.api_key_id = budget_id
), written AS (
    INSERT INTO ledger_entries (user_id, amount, kind, key, balance_after, note, created_at)
    SELECT user_id, -units, 'usage', 'hold:' || id, balance - units, note, $4
    FROM charged WHERE units > 0
)
SELECT id, user_id, amount, units FROM charged
"""
