"""The cost of a request is exact, and rounded up once."""

from decimal import Decimal
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okno.billing.dto import HoldRequest, Price

PRICES = st.decimals(min_value=0, max_value=1000, places=4)
TOKENS = st.integers(min_value=0, max_value=10**7)


@given(PRICES, PRICES, TOKENS, TOKENS)
def test_the_cost_is_exact_and_rounded_up(
    price_in: Decimal, price_out: Decimal, tokens_in: int, tokens_out: int
) -> None:
    exact = Fraction(price_in) * tokens_in + Fraction(price_out) * tokens_out
    assert Price(price_in, price_out).cost(tokens_in, tokens_out) == ceil(exact)


def test_it_is_rounded_once_and_not_for_prompt_and_answer_each() -> None:
    assert Price(Decimal("0.5"), Decimal("0.5")).cost(1, 1) == 1


@pytest.mark.parametrize("wrong", ["-1", "NaN", "Infinity"])
def test_a_price_is_a_number_and_not_negative(wrong: str) -> None:
    with pytest.raises(ValueError, match="price"):
        Price(Decimal(wrong), Decimal(1))
    with pytest.raises(ValueError, match="price"):
        Price(Decimal(1), Decimal(wrong))


def test_the_shortest_answer_is_never_longer_than_the_longest() -> None:
    request = HoldRequest(Price(Decimal(1), Decimal(1)), 10, 50, 100, "test")
    assert (request.shortest, request.longest) == (60, 60)
