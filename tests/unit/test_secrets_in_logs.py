"""The check that goes over every log line of the suite is able to fail."""

from pathlib import Path

import pytest

from tests.support.secrets import BOT_TOKEN, MODEL_KEY, check_captured, expect_no_secret_in


@pytest.mark.parametrize("secret", [BOT_TOKEN, MODEL_KEY])
def test_a_secret_in_a_log_line_is_found(secret: str, tmp_path: Path) -> None:
    line = f'{{"message": "started", "okno.key": "{secret}"}}'
    log = tmp_path / "bot.log"
    log.write_text(f"started\n{line}\n")

    assert check_captured([("Captured stderr call", f"a line\n{line}\n")]) == [line]
    with pytest.raises(AssertionError, match="a secret"):
        expect_no_secret_in(log)


def test_a_key_in_a_record_is_found_even_if_the_line_would_hide_it() -> None:
    record = f"INFO     okno: refused {MODEL_KEY}"

    assert check_captured([("Captured log call", record)]) == [record]


def test_a_log_without_secrets_passes(tmp_path: Path) -> None:
    log = tmp_path / "bot.log"
    log.write_text('{"message": "started"}\n')

    expect_no_secret_in(log)
    assert check_captured([("Captured stderr call", '{"message": "update"}')]) == []
