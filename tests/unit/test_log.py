"""The form of a log line."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from okno.kit.errors import StartupError
from okno.kit.log import configure_logs
from okno.kit.secrets import hide_secrets
from okno.kit.settings import LogSettings


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    """A log file; afterwards the logs go where they went before."""
    root = logging.getLogger()
    handlers, level, configuration = root.handlers, root.level, structlog.get_config()
    yield tmp_path / "logs" / "bot.log"
    for handler in root.handlers:
        if handler not in handlers:
            handler.close()
    root.handlers, root.level = handlers, level
    structlog.configure(**configuration)


def lines(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_a_line_is_json_with_ecs_names(file: Path) -> None:
    configure_logs(LogSettings(file=file), service="okno-test")

    structlog.get_logger("okno.test").warning("сделано", update_id=7)

    (line,) = lines(file)
    assert line["message"] == "сделано"
    assert line["log.level"] == "warning"
    assert line["log.logger"] == "okno.test"
    assert line["service.name"] == "okno-test"
    assert line["okno.update_id"] == 7
    assert str(line["@timestamp"]).endswith("Z")
    assert "сделано" in file.read_text()


def test_the_standard_library_speaks_the_same(file: Path) -> None:
    configure_logs(LogSettings(file=file), service="okno-test")

    logging.getLogger("aiogram").error("number %d", 5)

    (line,) = lines(file)
    assert (line["message"], line["log.logger"]) == ("number 5", "aiogram")


def test_a_traceback_is_a_field_and_shows_no_values(file: Path) -> None:
    configure_logs(LogSettings(file=file), service="okno-test")
    secret = "hunter2"

    try:
        int(secret, base=1)
    except ValueError:
        structlog.get_logger().exception("failed")

    (line,) = lines(file)
    assert "ValueError" in str(line["error.stack_trace"])
    assert secret not in json.dumps(line)


def test_the_console_shows_no_values_either(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(LogSettings(format="console"), service="okno-test")
    secret = "hunter2"

    try:
        int(secret, base=1)
    except ValueError:
        structlog.get_logger().exception("failed")

    printed = capsys.readouterr().err
    assert "ValueError" in printed
    assert secret not in printed


def test_the_level_is_obeyed(file: Path) -> None:
    configure_logs(LogSettings(file=file, level="ERROR"), service="okno-test")

    structlog.get_logger("a").info("quiet")
    logging.getLogger("b").warning("quiet")
    structlog.get_logger("c").error("loud")

    assert [line["message"] for line in lines(file)] == ["loud"]


@pytest.mark.parametrize(
    "text",
    [
        "GET https://api.telegram.org/bot123456789:AAF-xyz_0123456789abcdefghijklmnop/getMe failed",
        "http://localhost:8081/bot1:demo/sendMessage",
        "token 123456789:AAF-xyz_0123456789abcdefghijklmnop leaked",
    ],
)
def test_a_token_is_blotted_out(file: Path, text: str) -> None:
    configure_logs(LogSettings(file=file), service="okno-test")

    structlog.get_logger().error("failed", reason=text)
    logging.getLogger("aiohttp").error(text)

    assert len(lines(file)) == 2
    assert "<token>" in hide_secrets(text)
    for secret in ("AAF-xyz", "1:demo"):
        assert secret not in file.read_text()


def test_times_and_ports_are_no_tokens() -> None:
    text = "at 12:30 on 127.0.0.1:8080, update 5:1"
    assert hide_secrets(text) == text


def test_both_the_console_and_the_file_have_the_traceback(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logs(LogSettings(file=file), service="okno-test")

    try:
        int("no")
    except ValueError:
        structlog.get_logger().exception("failed")

    (line,) = lines(file)
    assert "ValueError: invalid" in str(line["error.stack_trace"])
    assert "ValueError: invalid" in capsys.readouterr().err


def test_what_is_no_json_and_no_text_is_written_nevertheless(file: Path) -> None:
    configure_logs(LogSettings(file=file), service="okno-test")

    structlog.get_logger().error("half a pair: \ud83d", path=file, number=1 + 2j)
    logging.getLogger("aiohttp").error({"a": 1})

    first, second = lines(file)
    assert first["message"] == "half a pair: \ud83d"
    assert first["okno.path"] == str(file)
    assert first["okno.number"] == "(1+2j)"
    assert second["message"] == "{'a': 1}"
    assert second["log.level"] == "error"


def test_a_file_that_can_not_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match="LOG_FILE can't be written"):
        configure_logs(LogSettings(file=tmp_path), service="okno-test")
