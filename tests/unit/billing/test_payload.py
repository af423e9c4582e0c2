"""The payload that an invoice carries through Telegram."""

import pytest

from okno.billing.service.payload import Payload, parse_payload


def test_a_payload_comes_back_as_it_went() -> None:
    payload = Payload("small", 50_000)
    assert parse_payload(str(payload)) == payload


def test_the_longest_payload_is_one_that_telegram_accepts() -> None:
    longest = Payload("x" * 32, 10**12)
    assert len(str(longest).encode()) <= 128
    assert parse_payload(str(longest)) == longest


@pytest.mark.parametrize(
    "foreign",
    [
        "",
        "topup",
        "topup:small",
        "topup:small:",
        "topup:small:-5",
        "topup:small:5\n",
        "topup::5",
        "topup:small:99999999999999",
        "topup:small:٥",
        "x:small:5",
        "topup:Small:5",
    ],
)
def test_what_is_not_ours_is_not_read(foreign: str) -> None:
    assert parse_payload(foreign) is None
