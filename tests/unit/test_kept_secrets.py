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
