"""Migrations are numbered files without branches, and each can be undone.

The check reads the syntax and needs no database. Tests compare the migrated schema with the models.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tools.problem import Problem

VERSIONS = "migrations/versions"
_NAME = re.compile(r"(?P<number>\d{4})_[a-z0-9_]+\.py")


def find_problems(root: Path) -> list[Problem]:
    """Check the migrations of the project in `root`."""
    problems: list[Problem] = []
    previous = None
    for position, path in enumerate(sorted((root / VERSIONS).glob("*.py")), start=1):
        file = path.relative_to(root).as_posix()
        module = ast.parse(path.read_text(encoding="utf-8"))
        number = f"{position:04}"
        problems += [
            Problem(file, line, text)
            for line, text in (
                *_check_name(path.name, number),
                *_check_place(module, number, previous),
                *_check_ways(module),
            )
        ]
        previous = number
    return problems


def _check_name(name: str, number: str) -> Iterator[tuple[int, str]]:
    match = _NAME.fullmatch(name)
    if match is None:
        yield 1, "the name is not NNNN_what_it_does.py"
    elif match["number"] != number:
        yield 1, f"the number is {match['number']}, but the next in line is {number}"


def _check_place(
    module: ast.Module, number: str, previous: str | None
) -> Iterator[tuple[int, str]]:
    """Each migration follows the one before it: so there is one head and no branch."""
    for name, expected in (("revision", number), ("down_revision", previous)):
        line, value = _assigned(module, name)
        if value != repr(expected):
            yield line, f"{name} is {value}, but the place in the line makes it {expected!r}"


def _check_ways(module: ast.Module) -> Iterator[tuple[int, str]]:
    functions = {node.name: node for node in module.body if isinstance(node, ast.FunctionDef)}
    for name in ("upgrade", "downgrade"):
        function = functions.get(name)
        if function is None:
            yield 1, f"there is no {name}()"
        elif not any(map(_does_something, function.body)):
            yield function.lineno, f"{name}() does nothing"


def _assigned(module: ast.Module, name: str) -> tuple[int, str]:
    """Return the line and the source of the value that the module assigns to `name`."""
    for node in module.body:
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=target)], value=ast.expr() as value)
                | ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value)
            ) if target == name:
                return node.lineno, ast.unparse(value)
    return 1, "missing"


def _does_something(statement: ast.stmt) -> bool:
    """Return False for a docstring, an ellipsis, `pass` and `raise`."""
    is_remark = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return not is_remark and not isinstance(statement, ast.Pass | ast.Raise)
