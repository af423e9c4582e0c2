"""Errors of billing."""

from okno.kit.errors import ErrorKind, OknoError


class PaymentRequired(OknoError):
    """The balance does not pay for even a short answer."""

    code = "payment-required"
    kind = ErrorKind.PAYMENT_REQUIRED
    params = ("available", "needed")


class BudgetSpent(OknoError):
    """The budget of the API key does not pay for even a short answer."""

    code = "budget-spent"
    kind = ErrorKind.PAYMENT_REQUIRED
    params = ("available", "needed")


class TooManyGenerations(OknoError):
    """The user has the maximum number of requests at once, `limit`."""

    code = "too-many-generations"
    kind = ErrorKind.LIMITED
    params = ("limit",)


class AmountInvalid(OknoError):
    """The amount is zero, has the wrong sign or exceeds `limit`."""

    code = "amount-invalid"
    kind = ErrorKind.INVALID
    params = ("limit",)


class BalanceTooLow(OknoError):
    """The change takes more than the balance has available."""

    code = "balance-too-low"
    kind = ErrorKind.CONFLICT
    params = ("available",)


class ChangeDiffers(OknoError):
    """Another change was booked under this key before."""

    code = "change-differs"
    kind = ErrorKind.CONFLICT


class InvoiceOutdated(OknoError):
    """The package is not sold any more, or not at this price."""

    code = "invoice-outdated"
    kind = ErrorKind.CONFLICT


class TelegramNeeded(OknoError):
    """Stars are paid in Telegram, and the account is not joined to one there."""

    code = "telegram-needed"
    kind = ErrorKind.CONFLICT


class PaymentNotFound(OknoError):
    """There is no payment with this charge id."""

    code = "payment-not-found"
    kind = ErrorKind.NOT_FOUND


class RefundSpent(OknoError):
    """The units of the payment were spent: of `needed` only `available` are there."""

    code = "refund-spent"
    kind = ErrorKind.CONFLICT
    params = ("available", "needed")


class StarsUnavailable(OknoError):
    """Telegram does not answer; whether it has done what was asked is unknown."""

    code = "stars-unavailable"
    kind = ErrorKind.UNAVAILABLE


class RefundRefused(OknoError):
    """Telegram will never give these Stars back; the user keeps the units."""

    code = "refund-refused"
    kind = ErrorKind.CONFLICT
    params = ("reason",)


class UnitsHeld(OknoError):
    """An answer is being paid for at this moment."""

    code = "units-held"
    kind = ErrorKind.CONFLICT
