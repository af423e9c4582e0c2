"""Records that the services of billing take and return. Amounts are whole billing units."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from uuid import UUID

from okno.accounts.dto import Language


@dataclass(frozen=True, slots=True)
class Price:
    """Billing units per token of the prompt and of the answer; a model may cost nothing."""

    input: Decimal
    output: Decimal

    def __post_init__(self) -> None:
        for price in (self.input, self.output):
            if not price.is_finite() or price < 0:
                raise ValueError(f"a price must be a number and not negative: {price}")

    def cost(self, input_tokens: int, output_tokens: int) -> int:
        """Return the price of a request, rounded up to a whole unit."""
        exact = self.input * input_tokens + self.output * output_tokens
        return int(exact.to_integral_value(ROUND_CEILING))


class EntryKind(StrEnum):
    """The reason for a change of a balance."""

    GRANT = "grant"
    TOPUP = "topup"
    USAGE = "usage"
    ADJUSTMENT = "adjustment"
    REFUND = "refund"


@dataclass(frozen=True, slots=True)
class Balance:
    """A balance; the part `held` is not available. `used_total`: all that answers ever cost."""

    balance: int
    held: int
    used_total: int

    @property
    def available(self) -> int:
        return self.balance - self.held


@dataclass(frozen=True, slots=True)
class HoldRequest:
    """The maximum that a request may cost.

    The answer may take `max_tokens`. A balance that does not pay for so many may pay for a shorter
    answer, down to `min_tokens`. `purpose` names what is paid for. `max_open`: the number of holds
    of this purpose that the user may have at once. `api_key_id`: the key whose budget is held, too,
    if it has one. `is_tentative`: hold the full amount or nothing; after a refusal the caller comes
    back with a smaller request.
    """

    price: Price
    input_tokens: int
    max_tokens: int
    min_tokens: int
    purpose: str
    max_open: int | None = None
    api_key_id: int | None = None
    is_tentative: bool = False

    @property
    def longest(self) -> int:
        """The price of the prompt and the longest answer."""
        return self.price.cost(self.input_tokens, self.max_tokens)

    @property
    def shortest(self) -> int:
        """The price of the prompt and the shortest answer worth beginning."""
        if self.is_tentative:
            return self.longest
        return self.price.cost(self.input_tokens, min(self.min_tokens, self.max_tokens))


@dataclass(frozen=True, slots=True)
class Settlement:
    """The end of a hold: `used` units are charged, at most those held; None: it is released.

    `note`: what was paid for, or why nothing is.
    """

    hold_id: UUID
    used: int | None
    note: str


@dataclass(frozen=True, slots=True)
class Budget:
    """The budget of an API key, and the parts of it that are used and held."""

    amount: int
    used: int
    held: int


@dataclass(frozen=True, slots=True)
class Spread:
    """The mean and the median of all balances."""

    mean: float
    median: float


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold; `max_tokens`: the length of the answer that it pays for."""

    id: UUID
    amount: int
    max_tokens: int


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A ledger entry: one change of a balance. `amount` is signed, `note` says what for."""

    id: int
    amount: int
    kind: EntryKind
    balance_after: int
    created_at: datetime
    note: str | None


@dataclass(frozen=True, slots=True)
class Counters:
    """Sums over all users; refunded Stars are not in `stars_paid`."""

    users: int
    balance: int
    held: int
    used_total: int
    open_holds: int
    stars_paid: int
    stars_refunded: int


@dataclass(frozen=True, slots=True)
class Package:
    """A package of units that Telegram Stars buy."""

    id: str
    stars: int
    tokens: int
    names: Mapping[Language, str]


@dataclass(frozen=True, slots=True)
class Invoice:
    """The data of an invoice in Telegram; `payload` comes back with the payment."""

    payload: str
    stars: int
    tokens: int
    package: Package


class PaymentState(StrEnum):
    """The state of a payment.

    `UNCLAIMED`: the payer is no user. `REFUNDING`: the units are taken back, and Telegram may not
    know it yet.
    """

    PAID = "paid"
    UNCLAIMED = "unclaimed"
    REFUNDING = "refunding"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class StarPayment:
    """A payment as Telegram tells it, or its refund, which has the same charge id."""

    charge_id: str
    telegram_id: int
    payload: str
    stars: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment as it is stored.

    `user_id` is None as long as the payer is no user. `tokens`: what the invoice promised, 0 when
    the invoice is not one of ours. `credited_at`: when the user got them, None before.
    `shortfall`: units that were spent already when the payment was taken back.
    """

    charge_id: str
    user_id: int | None
    telegram_id: int
    payload: str
    stars: int
    tokens: int
    state: PaymentState
    shortfall: int
    refund_attempts: int
    paid_at: datetime
    credited_at: datetime | None


class TransactionKind(StrEnum):
    """The kind of a transaction; `OTHER` has no invoice, such as a withdrawal."""

    PAYMENT = "payment"
    REFUND = "refund"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class StarTransaction:
    """A transaction of the bot's account of Stars; `payment` is None for the kind `OTHER`."""

    id: str
    kind: TransactionKind
    payment: StarPayment | None = None


@dataclass(frozen=True, slots=True)
class Credit:
    """The result of taking a payment; `is_new`: it was credited by this call."""

    charge_id: str
    user_id: int | None
    tokens: int
    state: PaymentState
    is_new: bool


@dataclass(frozen=True, slots=True)
class Refund:
    """A refunded payment; `shortfall`: units that were spent and could not be taken back."""

    charge_id: str
    telegram_id: int
    stars: int
    tokens: int
    shortfall: int


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The number of lost payments that were credited, and of lost refunds that were noted."""

    credited: int
    refunded: int
