"""What the billing services give and take. Amounts are whole billing units."""

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
        """Price a request: rounded up to a whole unit."""
        exact = self.input * input_tokens + self.output * output_tokens
        return int(exact.to_integral_value(ROUND_CEILING))


class EntryKind(StrEnum):
    """Why a balance changed."""

    GRANT = "grant"
    TOPUP = "topup"
    USAGE = "usage"
    ADJUSTMENT = "adjustment"
    REFUND = "refund"


@dataclass(frozen=True, slots=True)
class Balance:
    """`balance` includes what is `held`; `used_total`: everything ever spent on answers."""

    balance: int
    held: int
    used_total: int

    @property
    def available(self) -> int:
        return self.balance - self.held


@dataclass(frozen=True, slots=True)
class HoldRequest:
    """The upper bound of a request.

    The answer may take `max_tokens`; a balance that does not pay for so many still pays for a
    shorter one, down to `min_tokens`. `purpose` names what is paid for. `max_open`: how many holds
    of this purpose the user may have at once. `api_key_id`: whose budget it burdens, too, if that
    key has one. `is_tentative`: held in full or not at all; when it is refused, the caller comes
    back with a lesser request.
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
        """What the prompt and the longest answer cost."""
        return self.price.cost(self.input_tokens, self.max_tokens)

    @property
    def shortest(self) -> int:
        """What the prompt and the shortest answer cost that is worth beginning."""
        if self.is_tentative:
            return self.longest
        return self.price.cost(self.input_tokens, min(self.min_tokens, self.max_tokens))


@dataclass(frozen=True, slots=True)
class Settlement:
    """The end of a hold: `used` units are charged, never more than were held; None: released.

    `note`: what was paid for, or why nothing is.
    """

    hold_id: UUID
    used: int | None
    note: str


@dataclass(frozen=True, slots=True)
class Budget:
    """What may be spent with one API key, and what of that was spent or is held."""

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
    """What was reserved; `max_tokens`: how long an answer it pays for."""

    id: UUID
    amount: int
    max_tokens: int


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One change of a balance; `amount` is signed, `note` says what for."""

    id: int
    amount: int
    kind: EntryKind
    balance_after: int
    created_at: datetime
    note: str | None


@dataclass(frozen=True, slots=True)
class Counters:
    """The sums of all users; `stars_paid` does not include what was refunded."""

    users: int
    balance: int
    held: int
    used_total: int
    open_holds: int
    stars_paid: int
    stars_refunded: int


@dataclass(frozen=True, slots=True)
class Package:
    """What can be bought with Telegram Stars."""

    id: str
    stars: int
    tokens: int
    names: Mapping[Language, str]


@dataclass(frozen=True, slots=True)
class Invoice:
    """What an invoice of Telegram needs; `payload` comes back with the payment."""

    payload: str
    stars: int
    tokens: int
    package: Package


class PaymentState(StrEnum):
    """`UNCLAIMED`: the payer is no user. `REFUNDING`: taken back, Telegram may not know it yet."""

    PAID = "paid"
    UNCLAIMED = "unclaimed"
    REFUNDING = "refunding"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class StarPayment:
    """What Telegram tells of a payment, or of its refund, which has the same charge id."""

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
    """What moved the bot's Stars; `OTHER` has nothing to do with invoices, as a withdrawal."""

    PAYMENT = "payment"
    REFUND = "refund"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class StarTransaction:
    """A line of the bot's account at Telegram; `payment` is there unless the kind is `OTHER`."""

    id: str
    kind: TransactionKind
    payment: StarPayment | None = None


@dataclass(frozen=True, slots=True)
class Credit:
    """What became of a payment; `is_new`: this very call has credited it."""

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
    """How many payments were credited and refunds noted that had been lost."""

    credited: int
    refunded: int
