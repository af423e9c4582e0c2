"""The Stars of users, and the transactions of the bot."""

import secrets
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from sandbox.telegram.core.invoices import Invoice
from sandbox.telegram.core.people import User
from sandbox.telegram.errors import bad_request
from sandbox.telegram.shapes import Wire

FIRST_STARS: Final = 1000
"""The Stars of a new user."""


@dataclass(slots=True)
class Charge:
    """A successful payment, which can be refunded once."""

    id: str
    invoice: Invoice
    payer: User
    chat_id: int
    refunded: bool = False

    def transaction(self, side: str, date: int) -> Wire:
        """Return the StarTransaction: the payer is its `source`, or its `receiver` for a refund."""
        partner = {
            "type": "user",
            "transaction_type": "invoice_payment",
            "user": self.payer.wire(),
            "invoice_payload": self.invoice.payload,
        }
        return {"id": self.id, "amount": self.invoice.stars, "date": date, side: partner}


class StarBook:
    """Stars, charges and transactions. Charge ids are random, since bots store them for long."""

    def __init__(self) -> None:
        self._stars: defaultdict[int, int] = defaultdict(lambda: FIRST_STARS)
        self._charges: dict[str, Charge] = {}
        self._transactions: list[Wire] = []

    def of(self, user_id: int) -> int:
        return self._stars[user_id]

    def give(self, user_id: int, stars: int) -> None:
        self._stars[user_id] += stars

    @property
    def balance(self) -> int:
        """The Stars that the bot has earned."""
        return sum(
            transaction["amount"] * (1 if "source" in transaction else -1)
            for transaction in self._transactions
        )

    def transactions(self, offset: int, limit: int) -> list[Wire]:
        """Return transactions, oldest first."""
        return self._transactions[offset : offset + limit]

    def charge(self, invoice: Invoice, payer: User, chat_id: int, date: int) -> Charge:
        """Move Stars from the user to the bot."""
        charge = Charge(f"stx{secrets.token_urlsafe(24)}", invoice, payer, chat_id)
        self._charges[charge.id] = charge
        self._stars[payer.id] -= invoice.stars
        self._transactions.append(charge.transaction("source", date))
        return charge

    def refund(self, user_id: int, charge_id: str, date: int) -> Charge:
        """Raises ApiError for a charge of another user, or one that was refunded before."""
        charge = self._charges.get(charge_id)
        if charge is None or charge.payer.id != user_id:
            raise bad_request("CHARGE_NOT_FOUND")
        if charge.refunded:
            raise bad_request("CHARGE_ALREADY_REFUNDED")
        charge.refunded = True
        self._stars[user_id] += charge.invoice.stars
        self._transactions.append(charge.transaction("receiver", date))
        return charge

    def clear(self) -> None:
        self._stars.clear()
        self._charges.clear()
        self._transactions.clear()
