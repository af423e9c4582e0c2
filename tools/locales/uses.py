"""Finds the texts and variables that the code names. It reads the syntax and runs no code."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.problem import Problem

PACKAGES = ("api", "dialogs", "tgbot")
LABELS = frozenset({"Label", "ItemLabel"})
WIDGETS = LABELS | {"Html", "ItemHtml"}
"""The widgets of `dialogs.kit.text`. They take the key, then the names of the variables."""

KEY = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")
"""A key has at least two words, so that other strings do not look like keys."""


@dataclass(frozen=True, slots=True)
class Use:
    """A place that shows a text; `variables` is None when the syntax does not tell them."""

    key: str
    variables: frozenset[str] | None
    is_label: bool
    file: str
    line: int

    def problem(self, text: str) -> Problem:
        return Problem(self.file, self.line, f"{self.key}: {text}")


@dataclass(frozen=True, slots=True)
class Uses:
    """The calls that show a text, and all strings of the code: any of them may be a key."""

    calls: tuple[Use, ...]
    strings: frozenset[str]


def read_uses(root: Path) -> Uses:
    """Read the packages that show texts to users."""
    calls: list[Use] = []
    strings: set[str] = set()
    for path in _sources(root):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                strings.add(node.value)
            elif isinstance(node, ast.Call):
                calls.extend(_uses(node, path.relative_to(root).as_posix()))
    return Uses(tuple(calls), frozenset(strings))


def _sources(root: Path) -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((root / package).rglob("*.py"))


def _uses(call: ast.Call, file: str) -> Iterator[Use]:
    key = _string(call.args[0]) if call.args else None
    name = _last_name(call.func)
    if key is None:
        return
    if name in WIDGETS:
        yield Use(key, _positional(call), name in LABELS, file, call.lineno)
    elif name == "get" and _gets_text(call.func, key):
        yield Use(key, _keywords(call), is_label=False, file=file, line=call.lineno)


def _gets_text(function: ast.expr, key: str) -> bool:
    """Guess whether `….get("key")` gets a text: `i18n` always does, others if the key fits."""
    owner = _last_name(function.value) if isinstance(function, ast.Attribute) else None
    return owner == "i18n" or (owner != "headers" and KEY.fullmatch(key) is not None)


def _positional(call: ast.Call) -> frozenset[str] | None:
    names = [_string(argument) for argument in call.args[1:]]
    known = [name for name in names if name is not None]
    return frozenset(known) if len(known) == len(names) else None


def _keywords(call: ast.Call) -> frozenset[str] | None:
    names = [keyword.arg for keyword in call.keywords]
    known = [name for name in names if name is not None]
    return frozenset(known) if len(known) == len(names) else None


def _string(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _last_name(node: ast.expr) -> str | None:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None
