"""Configured secrets never reach a log."""

import json

import pytest

from okno.kit.secrets import hide_secrets, keep_secret
from okno.kit.settings import PostgresSettings, load


def test_a_configured_secret_is_hidden_from_then_on(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOST", "USER", "DB"):
        monkeypatch.setenv(f"POSTGRES_{name}", "okno-database")
    monkeypatch.setenv("POSTGRES_PASSWORD", "swordfish-in-the-deep")
    load(PostgresSettings)

    assert hide_secrets("dsn: okno:swordfish-in-the-deep@okno-database") == (
        "dsn: okno:<secret>@okno-database"
    )


def test_a_secret_is_known_in_the_spelling_of_json() -> None:
    secret = 'a "quoted" \\ password'
    keep_secret(secret)
    line = json.dumps({"message": f"it is {secret}."}, ensure_ascii=False)
    assert json.loads(hide_secrets(line)) == {"message": "it is <secret>."}


def test_a_secret_within_another_leaves_nothing_of_it() -> None:
    keep_secret("inner-secret")
    keep_secret("outer-inner-secret-outer")
    assert hide_secrets("outer-inner-secret-outer, inner-secret") == "<secret>, <secret>"


def test_a_short_password_is_a_word_like_any_other() -> None:
    keep_secret("okno")
    assert hide_secrets("okno.user_id") == "okno.user_id"


@pytest.mark.parametrize(
    "token",
    [
        "123456:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
        "okno_4fzQ0k7pWm2Xy8Rt5Lb3Nc9Vd1Gh6Js",
        "okr_4fzQ0k7pWm2Xy8Rt5Lb3Nc9Vd1Gh6Js",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1c2VyOjE3In0.c2lnbmF0dXJl",
    ],
)
def test_a_token_is_known_by_its_form(token: str) -> None:
    assert hide_secrets(f'{{"error": "refused {token}."}}') == '{"error": "refused <token>."}'


def test_a_short_token_is_known_by_its_place_in_an_address() -> None:
    assert hide_secrets("http://127.0.0.1:80/bot1:demo/getMe") == (
        "http://127.0.0.1:80/bot<token>/getMe"
    )


@pytest.mark.parametrize("line", ["okno_llm_tokens_total 7", "2026-11-21T07:11:04.123456Z", "eyJ"])
def test_what_only_looks_a_little_like_a_token_stays(line: str) -> None:
    assert hide_secrets(line) == line
