"""What a measurement finds, and the statistics that sum it up."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

_MS: Final = 1000


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report: values of one unit, by their names."""

    name: str
    unit: str
    values: Mapping[str, float]


def single(name: str, value: float, unit: str) -> Figure:
    return Figure(name, unit, {"value": value})


def spread(name: str, seconds: Sequence[float]) -> Figure:
    """Sum up durations in milliseconds."""
    values = {"median": median(seconds), "p99": percentile(seconds, 99), "max": max(seconds)}
    return Figure(name, "ms", {key: value * _MS for key, value in values.items()})


def ratio(name: str, seconds: Sequence[float], base: Sequence[float]) -> Figure:
    """Compare the medians: unlike times, this says something about other machines too."""
    return single(name, median(seconds) / median(base), "times")


def percentile(values: Sequence[float], percent: int) -> float:
    """By nearest rank: a value that was measured, never one between two."""
    return sorted(values)[math.ceil(len(values) * percent / 100) - 1]
