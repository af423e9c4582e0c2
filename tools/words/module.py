"""A Python module as words: its docstrings, its comments, its names."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_DIRECTIVE = re.compile(r"noqa|type: ignore")


@dataclass(frozen=True, slots=True)
class Line:
    """A name or a text, and the line on which it begins."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Module:
    """`docstrings` are all strings that stand alone: also those after a constant or attribute."""

    file: str
    docstrings: tuple[Line, ...]
    comments: tuple[Line, ...]
    names: tuple[Line, ...]


def read_module(root: Path, file: str) -> Module:
    """Read the module; `file` is relative to `root`."""
    source = (root / file).read_text(encoding="utf-8")
    nodes = tuple(ast.walk(ast.parse(source)))
    return Module(
        file,
        docstrings=tuple(line for node in nodes for line in _docstrings(node)),
        comments=tuple(_comments(source)),
        names=(
            *(Line(1, part) for part in file.removesuffix(".py").split("/")),
            *(line for node in nodes for line in _names(node)),
        ),
    )


def _docstrings(node: ast.AST) -> Iterator[Line]:
    match node:
        case ast.Expr(value=ast.Constant(value=str(text))):
            yield Line(node.lineno, text)


def _comments(source: str) -> Iterator[Line]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield Line(token.start[0], token.string)


def _names(node: ast.AST) -> Iterator[Line]:
    """Yield the names that the node brings: names of other libraries are only used."""
    match node:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            yield Line(node.lineno, name)
        case ast.arg(arg=name):
            yield Line(node.lineno, name)
        case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
            yield Line(node.lineno, name)
