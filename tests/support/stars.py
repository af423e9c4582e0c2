"""The bot's account of Stars at Telegram, as a fake for the tests of billing."""

from collections.abc import Sequence
from datetime import UTC, datetime

from okno.billing.dto import StarPayment, StarTransaction, TransactionKind
from okno.billing.errors import RefundRefused


class FakeStars:
    """Keeps the list of transactions; `fault` is raised by the next refund.

    `forgets` lets that refund happen all the same, as when only the reply was lost.
    """

    def __init__(self) -> None:
        self.lines: list[StarTransaction] = []
        self.asked: list[tuple[int, int]] = []
        self.fault: Exception | None = None
        self.forgets = False
        self._next = 1

    def pay(self, telegram_id: int, payload: str, stars: int = 50) -> StarPayment:
        """Add a payment; the bot is not told."""
        charge_id = f"charge-{self._next}"
        self._next += 1
        payment = StarPayment(charge_id, telegram_id, payload, stars, datetime.now(UTC))
        self.lines.append(StarTransaction(charge_id, TransactionKind.PAYMENT, payment))
        return payment

    def withdraw(self) -> None:
        self.lines.append(StarTransaction(f"withdrawal-{len(self.lines)}", TransactionKind.OTHER))

    def give_back(self, charge_id: str) -> StarPayment:
        """Refund a payment; the bot is not told."""
        paid = next(
            line.payment
            for line in self.lines
            if line.payment and line.id == charge_id and line.kind is TransactionKind.PAYMENT
        )
        refund = StarPayment(charge_id, paid.telegram_id, "", paid.stars, datetime.now(UTC))
        self.lines.append(StarTransaction(charge_id, TransactionKind.REFUND, refund))
        return refund

    def refunds(self) -> list[str]:
        return [line.id for line in self.lines if line.kind is TransactionKind.REFUND]

    async def refund(self, telegram_id: int, charge_id: str) -> None:
        fault, self.fault = self.fault, None
        if fault is not None and not self.forgets:
            raise fault
        if (telegram_id, charge_id) not in [
            (line.payment.telegram_id, line.id) for line in self.lines if line.payment
        ]:
            raise RefundRefused(reason="CHARGE_NOT_FOUND")
        if charge_id not in self.refunds():
            self.give_back(charge_id)
        if fault is not None:
            raise fault

    async def transactions(self, offset: int, limit: int) -> Sequence[StarTransaction]:
        assert 1 <= limit <= 100
        self.asked.append((offset, limit))
        return self.lines[offset : offset + limit]
