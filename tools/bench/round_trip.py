"""Runs the emulator's test of all methods of aiogram, and counts the methods that pass."""

import re
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from tools.bench.errors import BenchError
from tools.bench.stage import ROOT

TEST: Final = "tests/sandbox/telegram/test_wire_round_trip.py"
TEST_TIMEOUT_SECONDS: Final = 120.0
_OUTCOME: Final = re.compile(r"::test_every_method\w*\[(\w+)\] (\w+)")
_SECONDS: Final = re.compile(r" in ([\d.]+)s")


@dataclass(frozen=True, slots=True)
class Methods:
    """`read_back`: methods whose fields came out as they went in, in every variant."""

    read_back: int
    tried: int
    seconds: float


def count_methods() -> Methods:
    """Run the test. Raises `BenchError` when it cannot run."""
    command = [sys.executable, "-m", "pytest", "-v", "-n", "0", "-k", "test_every_method", TEST]
    try:
        done = subprocess.run(  # noqa: S603 - fixed arguments
            [*command, "-p", "no:cacheprovider"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=TEST_TIMEOUT_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise BenchError(f"{TEST} takes too long") from None
    return read_outcomes(done.stdout)


def read_outcomes(output: str) -> Methods:
    """Read the output of `pytest -v`: a line per method and set of fields, and the last line."""
    outcomes: dict[str, set[str]] = defaultdict(set)
    for method, outcome in _OUTCOME.findall(output):
        outcomes[method].add(outcome)
    seconds = _SECONDS.findall(output)
    if not outcomes or not seconds:
        raise BenchError(f"{TEST} tested no method:\n{output[-1000:]}")
    read_back = sum(found == {"PASSED"} for found in outcomes.values())
    return Methods(read_back, len(outcomes), float(seconds[-1]))
