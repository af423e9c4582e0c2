"""CPU time and memory of processes on Linux: `man 5 proc`."""

import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.bench.errors import BenchError

_PROC: Final = Path("/proc")
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_MB: Final = 2**20
# Indexes in /proc/<pid>/stat after the name. The name is in brackets and may hold any character.
_PARENT: Final = 1
_TIMES: Final = slice(11, 15)
"""User and system time of the process, then of its children that have ended."""
_RESIDENT: Final = 21


@dataclass(frozen=True, slots=True)
class Process:
    """`cpu`: seconds, including children that have ended; `resident`: MB."""

    pid: int
    parent: int
    name: str
    cpu: float
    resident: float


def read_stat(content: str) -> Process:
    pid, _, rest = content.partition(" (")
    name, _, fields = rest.rpartition(") ")
    numbers = fields.split()
    ticks = sum(map(int, numbers[_TIMES]))
    resident = int(numbers[_RESIDENT]) * _PAGE / _MB
    return Process(int(pid), int(numbers[_PARENT]), name, ticks / _TICKS, resident)


def family(pid: int) -> list[Process]:
    """Return the process and all its descendants. Raises `BenchError`."""
    by_pid, children = {}, defaultdict(list)
    for process in _all():
        by_pid[process.pid] = process
        children[process.parent].append(process)
    if pid not in by_pid:
        raise BenchError(f"there is no process {pid}, or this system does not tell of it")
    found = [by_pid[pid]]
    for process in found:  # the list grows during the loop
        found += children[process.pid]
    return found


def _all() -> Iterator[Process]:
    for file in _PROC.glob("[0-9]*/stat"):
        try:
            yield read_stat(file.read_text(errors="replace"))
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has just ended
