"""Checkouts: payments that the user has confirmed and the bot must accept."""

from dataclasses import dataclass
from itertools import count
from typing import Final

from sandbox.telegram.core.bounded_dict import BoundedDict
from sandbox.telegram.core.invoices import Invoice
from sandbox.telegram.errors import ApiError, bad_request
from sandbox.telegram.shapes import Clock, Wire

CHECKOUT_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class PaymentResult:
    """The end of a payment: a receipt, or an error for the user."""

    receipt_id: int | None = None
    error: str | None = None


_TIMED_OUT: Final = PaymentResult(error="BOT_PRECHECKOUT_TIMEOUT")


@dataclass(slots=True)
class Checkout:
    """A checkout; `message` is None for an invoice that was opened by its link."""

    invoice: Invoice
    payer_id: int
    chat_id: int
    message: Wire | None
    asked_at: float
    result: PaymentResult | None = None


class CheckoutBook:
    """All checkouts. A checkout without an answer expires; later answers are refused."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.lifetime = CHECKOUT_SECONDS
        self._checkouts: BoundedDict[str, Checkout] = BoundedDict()
        self._ids = count(1)

    def ask(self, invoice: Invoice, *, payer_id: int, chat_id: int, message: Wire | None) -> str:
        query_id = str(next(self._ids))
        self._checkouts[query_id] = Checkout(invoice, payer_id, chat_id, message, self._clock())
        return query_id

    def waiting(self, query_id: str) -> Checkout:
        """Raises ApiError for an unknown or ended checkout."""
        checkout = self._checkouts.get(query_id)
        if checkout is None or self.result(query_id) is not None:
            raise _too_old()
        return checkout

    def result(self, query_id: str) -> PaymentResult | None:
        """Return the result, or None while the bot may still answer."""
        checkout = self._checkouts.get(query_id)
        if checkout is None:
            return None
        if checkout.result is None and self._clock() - checkout.asked_at >= self.lifetime:
            checkout.result = _TIMED_OUT
        return checkout.result

    def expire(self, query_id: str) -> PaymentResult:
        """End a checkout whose time is over by the clock of the caller."""
        checkout = self._checkouts.get(query_id)
        if checkout is not None and checkout.result is None:
            checkout.result = _TIMED_OUT
        return _TIMED_OUT

    def seconds_left(self, query_id: str) -> float:
        checkout = self._checkouts.get(query_id)
        if checkout is None:
            return 0.0
        return max(0.0, checkout.asked_at + self.lifetime - self._clock())

    def clear(self) -> None:
        self._checkouts.clear()


def _too_old() -> ApiError:
    return bad_request("query is too old and response timeout expired or query ID is invalid")
