"""What can go wrong with money."""

from okno.kit.errors import ErrorKind, OknoError


class PaymentRequired(OknoError):
    """The balance does not pay for even a short answer."""

    code = "payment-required"
    kind = ErrorKind.PAYMENT_REQUIRED
    params = ("available", "needed")


class BudgetSpent(OknoError):
    """What the API key may still spend does not pay for even a short answer."""

    code = "budget-spent"
    kind = ErrorKind.PAYMENT_REQUIRED
    params = ("available", "needed")


class TooManyGenerations(OknoError):
    """As many requests of the user as may be are being answered: `limit`."""

    code = "too-many-generations"
    kind = ErrorKind.LIMITED
    params = ("limit",)


class AmountInvalid(OknoError):
    """An amount is zero, of the wrong sign or beyond all sense; `limit` is the greatest."""

    code = "amount-invalid"
    kind = ErrorKind.INVALID
    params = ("limit",)


class BalanceTooLow(OknoError):
    """More would be taken off a balance than is there."""

    code = "balance-too-low"
    kind = ErrorKind.CONFLICT
    params = ("available",)


class ChangeDiffers(OknoError):
    """Another change was booked under this key before."""

    code = "change-differs"
    kind = ErrorKind.CONFLICT


class InvoiceOutdated(OknoError):
    """The package is sold no more, or not at this price."""

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
    """Telegram does not answer for the moment; whether it has done what was asked is open."""

    code = "stars-unavailable"
    kind = ErrorKind.UNAVAILABLE


class RefundRefused(OknoError):
    """Telegram will never give these Stars back; the user keeps the units."""

    code = "refund-refused"
    kind = ErrorKind.CONFLICT
    params = ("reason",)


class UnitsHeld(OknoError):
    """Something is being paid for at this moment."""

    code = "units-held"
    kind = ErrorKind.CONFLICT
