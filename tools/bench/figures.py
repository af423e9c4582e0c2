"""The results of a measurement and their statistics."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

_MS: Final = 1000


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report: named values with one unit."""

    name: str
    unit: str
    values: Mapping[str, float]


def single(name: str, value: float, unit: str) -> Figure:
    return Figure(name, unit, {"value": value})


def spread(name: str, seconds: Sequence[float]) -> Figure:
    """Return median, 99th percentile and maximum in milliseconds."""
    values = {"median": median(seconds), "p99": percentile(seconds, 99), "max": max(seconds)}
    return Figure(name, "ms", {key: value * _MS for key, value in values.items()})


def ratio(name: str, seconds: Sequence[float], base: Sequence[float]) -> Figure:
    """Divide the medians. Other machines have other times, but similar ratios."""
    return single(name, median(seconds) / median(base), "times")


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the percentile by nearest rank: always one of the measured values."""
    return sorted(values)[math.ceil(len(values) * percent / 100) - 1]
