"""Telegram Stars, as billing needs them."""

from collections.abc import Sequence
from typing import Protocol

from okno.billing.dto import StarTransaction


class Stars(Protocol):
    """The bot's account of Stars at Telegram."""

    async def refund(self, telegram_id: int, charge_id: str) -> None:
        """Give the Stars of a payment back; a repeat does nothing.

        Raises `RefundRefused` when Telegram will never do it. After any other error, such as
        `StarsUnavailable`, it is unknown whether it was done, and it is tried again.
        """
        ...

    async def transactions(self, offset: int, limit: int) -> Sequence[StarTransaction]:
        """Return the transactions from `offset` on, the oldest first, not more than 100.

        Every transaction is there, whatever its kind: the offset counts them all.
        """
        ...
