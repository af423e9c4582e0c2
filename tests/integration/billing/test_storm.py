"""A random storm of operations, checked against a model after every one of them.

What is done at once is such that it does not matter who comes first: hypothesis repeats what it has
found, and must find the same. Races that can end either way are in `test_parallel`.
"""

import asyncio
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import count
from math import floor
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from okno.billing.dto import Balance, Hold, HoldRequest, PaymentState, Price, StarPayment
from okno.billing.errors import BalanceTooLow, ChangeDiffers, PaymentRequired, RefundSpent
from okno.kit.actor import SYSTEM
from okno.kit.settings import Settings
from tests.support.bank import ONE, WELCOME, Bank, request

PRICES = st.sampled_from(
    [ONE, *(Price(Decimal(a), Decimal(b)) for a, b in (("1.5", "6"), ("0.3", "0.7"), ("2", "0")))]
)
UNITS = st.integers(min_value=0, max_value=9000)
FEW = st.integers(min_value=0, max_value=300)
KEYS = st.sampled_from(["a", "b", "c"])
TELEGRAM_IDS = count(100_000)


def shrunk(request: HoldRequest, available: int) -> int | None:
    """Say how long an answer the hold must pay for, by plain fractions; None: refused."""
    if request.shortest > available:
        return None
    if request.longest <= available:
        return request.max_tokens
    prompt = Fraction(request.price.input) * request.input_tokens
    return floor((available - prompt) / Fraction(request.price.output))


class Storm(RuleBasedStateMachine):
    """One user; `bank` and `runner` are given by the test."""

    bank: Bank
    runner: asyncio.Runner
    holds: Bundle[Hold] = Bundle("holds")
    payments: Bundle[StarPayment] = Bundle("payments")

    def __init__(self) -> None:
        super().__init__()
        self.telegram_id = next(TELEGRAM_IDS)
        self.actor = self.runner.run(self.bank.register(self.telegram_id))
        self.balance, self.used = WELCOME, 0
        self.open: dict[Hold, Any] = {}
        self.keys: dict[str, int] = {}
        self.states: dict[str, PaymentState] = {}

    @property
    def available(self) -> int:
        return self.balance - sum(hold.amount for hold in self.open)

    @rule(target=holds, price=PRICES, prompt=UNITS, longest=UNITS, shortest=FEW)
    def reserve(self, price: Price, prompt: int, longest: int, shortest: int) -> Any:
        asked = request(longest, shortest, price, prompt)
        expected = shrunk(asked, self.available)
        hold = self.runner.run(self._reserve(asked))
        if expected is None:
            assert hold is None
            return multiple()
        assert hold is not None
        assert hold.max_tokens == expected
        assert hold.amount == price.cost(prompt, expected)
        return self._opened(hold)

    @rule(target=holds, longest=UNITS, shortest=UNITS, number=st.integers(2, 6))
    def reserve_at_once(self, longest: int, shortest: int, number: int) -> Any:
        asked = request(longest, shortest)
        taken = self.runner.run(self._at_once(*(self._reserve(asked) for _ in range(number))))
        expected: list[int] = []
        for _ in range(number):
            tokens = shrunk(asked, self.available - sum(expected))
            expected += [] if tokens is None else [tokens]
        holds = sorted(filter(None, taken), key=lambda hold: -hold.amount)
        assert [hold.amount for hold in holds] == sorted(expected, reverse=True)
        return multiple(*map(self._opened, holds))

    @rule(hold=holds, used=UNITS)
    def settle(self, hold: Hold, used: int) -> None:
        expected = min(used, hold.amount) if hold in self.open else 0
        assert self.runner.run(self._settle(hold, used)) == expected
        self._ended(hold, expected)

    @rule(hold=holds)
    def release(self, hold: Hold) -> None:
        self.runner.run(self._release(hold))
        self._ended(hold, 0)

    @rule(hold=holds, used=UNITS)
    def settle_at_once(self, hold: Hold, used: int) -> None:
        expected = min(used, hold.amount) if hold in self.open else 0
        charges = self.runner.run(self._at_once(*(self._settle(hold, used) for _ in range(3))))
        assert sorted(charges) == [0, 0, expected]
        self._ended(hold, expected)

    @rule(seconds=st.sampled_from([0, 400, 1000]))
    def expire(self, seconds: int) -> None:
        self.bank.clock.ahead += timedelta(seconds=seconds)
        self.runner.run(self._expire())
        now = self.bank.clock.now()
        self.open = {hold: expires for hold, expires in self.open.items() if expires > now}

    @rule(amount=st.integers(min_value=1, max_value=5000), key=KEYS)
    def grant(self, amount: int, key: str) -> None:
        key = f"{self.telegram_id}:{key}"
        known = self.keys.get(f"grant:{key}", amount)
        done = self.runner.run(self._at_once(*(self._grant(amount, key) for _ in range(2))))
        assert done == [known == amount] * 2
        if f"grant:{key}" not in self.keys:
            self.keys[f"grant:{key}"] = amount
            self.balance += amount

    @rule(amount=st.integers(min_value=-9000, max_value=5000).filter(bool), key=KEYS)
    def adjust(self, amount: int, key: str) -> None:
        key = f"{self.telegram_id}:{key}"
        known = self.keys.get(f"adjust:{key}")
        is_done = self.runner.run(self._adjust(amount, key))
        if known is not None:
            assert is_done == (known == amount)
        else:
            assert is_done == (self.available + amount >= 0)
        if is_done and known is None:
            self.keys[f"adjust:{key}"] = amount
            self.balance += amount

    @rule(target=payments, tokens=st.integers(min_value=1, max_value=9000))
    def pay(self, tokens: int) -> StarPayment:
        payment = self.bank.stars.pay(self.telegram_id, f"topup:small:{tokens}")
        self.runner.run(self._at_once(*(self._take(payment) for _ in range(3))))
        self.balance += tokens
        self.states[payment.charge_id] = PaymentState.PAID
        return payment

    @rule(target=payments, tokens=st.integers(min_value=1, max_value=9000))
    def pay_and_refund_out_of_order(self, tokens: int) -> StarPayment:
        payment = self.bank.stars.pay(self.telegram_id, f"topup:small:{tokens}")
        self.runner.run(self._note(payment))
        self.runner.run(self._take(payment))
        self.states[payment.charge_id] = PaymentState.REFUNDED
        return payment

    @rule(payment=payments)
    def repeat_payment(self, payment: StarPayment) -> None:
        self.runner.run(self._take(payment))

    @rule(payment=payments, force=st.booleans())
    def refund(self, payment: StarPayment, force: bool) -> None:  # noqa: FBT001 - a draw
        tokens = int(payment.payload.rpartition(":")[2])
        is_paid = self.states[payment.charge_id] is PaymentState.PAID
        is_done = self.runner.run(self._refund(payment, force=force))
        assert is_done == (not is_paid or force or self.available >= tokens)
        if is_done:
            self._refunded(payment, tokens)

    @rule(payment=payments)
    def note_refund(self, payment: StarPayment) -> None:
        is_paid = self.states[payment.charge_id] is PaymentState.PAID
        noted = self.runner.run(self._at_once(*(self._note(payment) for _ in range(2))))
        assert sum(noted) == is_paid
        self._refunded(payment, int(payment.payload.rpartition(":")[2]))

    @invariant()
    def the_balance_is_that_of_the_model(self) -> None:
        held = sum(hold.amount for hold in self.open)
        assert self.runner.run(self._balance()) == Balance(self.balance, held, self.used)

    @invariant()
    def the_books_are_right(self) -> None:
        self.runner.run(self.bank.expect_correct_books())

    def _opened(self, hold: Hold) -> Hold:
        self.open[hold] = self.bank.clock.now() + timedelta(seconds=900)
        return hold

    def _ended(self, hold: Hold, charged: int) -> None:
        self.open.pop(hold, None)
        self.balance -= charged
        self.used += charged

    def _refunded(self, payment: StarPayment, tokens: int) -> None:
        if self.states[payment.charge_id] is PaymentState.PAID:
            self.balance -= min(tokens, self.available)
            self.states[payment.charge_id] = PaymentState.REFUNDED

    async def _at_once(self, *work: Any) -> list[Any]:
        return await asyncio.gather(*work)

    async def _balance(self) -> Balance:
        async with self.bank.billing() as billing:
            return await billing.balance(self.actor)

    async def _reserve(self, asked: HoldRequest) -> Hold | None:
        async with self.bank.billing() as billing:
            try:
                return await billing.reserve(self.actor, asked)
            except PaymentRequired:
                return None

    async def _settle(self, hold: Hold, used: int) -> int:
        async with self.bank.billing() as billing:
            return await billing.settle(self.actor, hold.id, used, "storm")

    async def _release(self, hold: Hold) -> None:
        async with self.bank.billing() as billing:
            await billing.release(self.actor, hold.id, "storm")

    async def _expire(self) -> None:
        async with self.bank.billing() as billing:
            await billing.expire_holds(SYSTEM)

    async def _grant(self, amount: int, key: str) -> bool:
        async with self.bank.billing() as billing:
            try:
                await billing.grant(SYSTEM, self.actor.require_user(), amount, key)
            except ChangeDiffers:
                return False
            return True

    async def _adjust(self, amount: int, key: str) -> bool:
        async with self.bank.billing() as billing:
            try:
                await billing.adjust(SYSTEM, self.actor.require_user(), amount, key)
            except (BalanceTooLow, ChangeDiffers):
                return False
            return True

    async def _take(self, payment: StarPayment) -> None:
        async with self.bank.payments() as payments:
            await payments.take(payment)

    async def _note(self, payment: StarPayment) -> bool:
        async with self.bank.payments() as payments:
            return await payments.note_refund(payment)

    async def _refund(self, payment: StarPayment, *, force: bool) -> bool:
        async with self.bank.payments() as payments:
            try:
                await payments.refund(SYSTEM, payment.charge_id, force=force)
            except RefundSpent:
                return False
            return True


@pytest.mark.slow
def test_after_a_random_storm_the_balance_is_the_sum_of_the_ledger(
    settings: Settings, clean: None
) -> None:
    with asyncio.Runner() as runner:
        Storm.runner, Storm.bank = runner, Bank(settings)
        try:
            run_state_machine_as_test(
                Storm,
                settings=hypothesis.settings(
                    max_examples=15,
                    stateful_step_count=25,
                    deadline=None,
                    database=None,
                    # 25 steps are read sooner than shrunk.
                    phases=[hypothesis.Phase.generate],
                    suppress_health_check=list(hypothesis.HealthCheck),
                ),
            )
        finally:
            runner.run(Storm.bank.close())
