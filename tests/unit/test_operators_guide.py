"""The operator's guide names only log messages, outcomes, jobs, metrics and settings that exist."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
GUIDE = (ROOT / "docs/operation.md").read_text(encoding="utf-8")
PROGRAMS = ("api", "dialogs", "okno", "tgbot", "worker")


@cache
def strings() -> frozenset[str]:
    """Collect all strings in the source of the programs."""
    return frozenset(
        node.value
        for program in PROGRAMS
        for path in (ROOT / program).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def first_column(header: str) -> list[str]:
    """Collect the quoted texts in the first column of all tables with this header."""
    tables = re.findall(rf"^\| {header} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", GUIDE, re.MULTILINE)
    rows = "".join(tables).splitlines()
    return [text for row in rows for text in re.findall(r"`([^`]+)`", row.split("|")[1])]


@pytest.mark.parametrize("header", ["The log says", "The outcome says", "Job"])
def test_the_tables_name_what_exists(header: str) -> None:
    named = first_column(header)
    assert named
    assert [text for text in named if text not in strings()] == []


def test_the_metrics_exist() -> None:
    named = set(re.findall(r"`(okno_\w+)`", GUIDE))
    assert named
    assert named - strings() == set()


def test_the_settings_exist() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)`", GUIDE))
    assert named
    assert named - set(re.findall(r"^(\w+)=", example, re.MULTILINE)) == set()
