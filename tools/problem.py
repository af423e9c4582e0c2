"""A problem that a check found, as one line that an editor can jump to."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """A broken rule: the file relative to the project, the line from 1."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


def report(problems: Iterable[Problem]) -> int:
    """Print the problems, sorted by file and line; return the exit code."""
    lines = [f"{problem}\n" for problem in sorted(problems)]
    sys.stderr.writelines(lines)
    return 1 if lines else 0
