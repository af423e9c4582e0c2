"""The errors that users see: each needs a text `error-<code>`."""

import inspect
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from okno.kit.errors import OknoError
from tools.problem import Problem

PACKAGES = ("okno", "api")
"""The packages that declare errors."""


@dataclass(frozen=True, slots=True)
class ErrorText:
    """The text that an error class needs, and the variables that it may use."""

    key: str
    params: frozenset[str]
    file: str
    line: int

    def problem(self, text: str) -> Problem:
        return Problem(self.file, self.line, f"{self.key}: {text}")


def declared_errors(package: str, root: Path) -> list[ErrorText]:
    """Import every module of the package in `root`; list the error classes that have a code."""
    found = import_module(package)
    for module in pkgutil.walk_packages(found.__path__, f"{package}."):
        import_module(module.name)
    return [
        _error_text(error, root)
        for error in _subclasses(OknoError)
        if error.__module__.startswith(f"{package}.") and "code" in vars(error)
    ]


def all_declared_errors(root: Path) -> list[ErrorText]:
    return [error for package in PACKAGES for error in declared_errors(package, root)]


def _error_text(error: type[OknoError], root: Path) -> ErrorText:
    file = Path(inspect.getfile(error)).relative_to(root).as_posix()
    line = inspect.getsourcelines(error)[1]
    return ErrorText(f"error-{error.code}", frozenset(error.params), file, line)


def _subclasses(error: type[OknoError]) -> Iterator[type[OknoError]]:
    for subclass in error.__subclasses__():
        yield subclass
        yield from _subclasses(subclass)
