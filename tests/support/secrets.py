"""No secret in any log line: looked for in whatever the tests and their programs write."""

from collections.abc import Iterable
from pathlib import Path

BOT_TOKEN = "1:demo"
MODEL_KEY = "a-key-that-no-log-may-show"
JWT_SECRET = "a secret of thirty-two letters or more, which no log may show"
SECRETS = (BOT_TOKEN, MODEL_KEY, JWT_SECRET)


def leaks(text: str) -> list[str]:
    """Find the lines of a log (each a JSON object) that hold a secret."""
    lines = (line for line in text.splitlines() if line.startswith("{"))
    return [line for line in lines if any(secret in line for secret in SECRETS)]


def check_captured(sections: Iterable[tuple[str, str]]) -> list[str]:
    """Find them in what pytest has captured of one test.

    It has the records, too, as they were before secrets were blotted out: a key has no business
    even there, while the token is part of every address of the Bot API.
    """
    found: list[str] = []
    for name, content in sections:
        found += leaks(content)
        if name.startswith("Captured log"):
            found += [line for line in content.splitlines() if MODEL_KEY in line]
    return found


def expect_no_secret_in(file: Path) -> None:
    """Look through the log of a program that a test has started."""
    assert not leaks(file.read_text()), f"a secret stands in {file}"
