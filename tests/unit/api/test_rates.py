"""Limits of rate are read as people write them."""

import pytest
from pydantic import ValidationError

from api.config import ApiSettings
from api.rates import Rate, parse_rate


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("10/minute", Rate(10, 60)),
        ("10 / minutes", Rate(10, 60)),
        ("1/second", Rate(1, 1)),
        ("20/hour", Rate(20, 3600)),
        ("5/day", Rate(5, 86_400)),
        ("100 per 2 hours", Rate(100, 7200)),
        (" 100 Per 2 Hours ", Rate(100, 7200)),
        ("100/2hours", Rate(100, 7200)),
    ],
)
def test_a_rate_is_read(text: str, rate: Rate) -> None:
    assert parse_rate(text) == rate


@pytest.mark.parametrize(
    "text", ["", "10", "minute", "0/minute", "10/0 minutes", "-1/minute", "10/fortnight", "1per2"]
)
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="10/minute"):
        parse_rate(text)


def test_a_setting_is_a_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_RATE_USER", "100 per 2 hours")
    assert ApiSettings().rate_user == Rate(100, 7200)

    monkeypatch.setenv("API_RATE_USER", "often")
    with pytest.raises(ValidationError, match="100 per 2 hours"):
        ApiSettings()
