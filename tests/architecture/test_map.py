"""The pages that show the way through the code name files and definitions that exist."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from okno.capabilities import LOCK_ORDER
from okno.kit import timeouts

ROOT = Path(__file__).parent.parent.parent
PAGES = ("docs/architecture.md", "docs/adding.md", "CONTRIBUTING.md", "README.md", "README.ru.md")
FILE = re.compile(r"`((?:[\w.{}-]+/)+[\w.{},-]*)(?:: ([\w.]+))?`")
"""A path with at least one slash between backticks, perhaps with a name defined in it."""
PLACEHOLDERS = ("okno/example", "dialogs/example", "<", "NNNN", ".okno/")
"""Parts of paths that a reader of a recipe replaces."""


@cache
def definitions(file: str) -> frozenset[str]:
    """Return the classes, functions, methods and constants that a module defines."""
    names = set()

    def collect(body: list[ast.stmt], prefix: str) -> None:
        for node in body:
            if isinstance(node, ast.ClassDef):
                names.add(prefix + node.name)
                collect(node.body, f"{prefix}{node.name}.")
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                names.add(prefix + node.name)
            elif isinstance(node, ast.Assign):
                names.update(prefix + t.id for t in node.targets if isinstance(t, ast.Name))
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                names.add(prefix + node.target.id)

    collect(ast.parse((ROOT / file).read_text(encoding="utf-8")).body, "")
    return frozenset(names)


def expanded(path: str) -> list[str]:
    """Spell out `locales/{ru,en}/x`."""
    if (found := re.search(r"\{([^}]*)\}", path)) is None:
        return [path]
    before, after = path[: found.start()], path[found.end() :]
    return [one for choice in found[1].split(",") for one in expanded(before + choice + after)]


def mistakes(text: str) -> list[str]:
    """Return the paths of a page that do not exist, and the names that their files lack."""
    wrong = []
    for path, name in FILE.findall(text):
        if any(part in path for part in PLACEHOLDERS):
            continue
        for file in expanded(path):
            if not (ROOT / file).exists():
                wrong.append(file)
            elif name and name not in definitions(file):
                wrong.append(f"{file}: {name}")
    return wrong


def seconds(names: str) -> float:
    """Add up the constants of a row."""
    return sum(float(getattr(timeouts, name)) for name in names.split(" + "))


@pytest.mark.parametrize("page", PAGES)
def test_the_page_names_what_exists(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert FILE.search(text)
    assert mistakes(text) == []


def test_a_wrong_path_or_name_is_found() -> None:
    text = "`okno/kit/uow.py: UnitOfWork.begin` `okno/kit/uow.py: Nothing` `okno/nothing.py`"
    assert mistakes(text) == ["okno/kit/uow.py: Nothing", "okno/nothing.py"]


def test_the_timeouts_agree_as_the_map_says() -> None:
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([A-Z_+ ]+)` \| `([A-Z_+ ]+)` \|", page, flags=re.MULTILINE)
    assert len(rows) > 10
    wrong = [row for row in rows if not seconds(row[0]) < seconds(row[1])]
    assert wrong == []


def test_the_order_of_locks_is_that_of_the_map() -> None:
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    section = page.partition("## The order of locks")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ")]
    assert tuple(table for row in rows for table in re.findall(r"`(\w+)`", row)) == LOCK_ORDER


def test_nothing_needs_a_page_outside_the_project() -> None:
    """A link that leaves the project leads nowhere on somebody else's machine."""
    outside = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"))
        for target in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).resolve().is_relative_to(ROOT)
    ]
    assert outside == []
