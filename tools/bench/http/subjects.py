"""The subjects of the measurement (model, proxies, Okno) and their results."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

from tools.bench.figures import Figure, percentile, spread
from tools.bench.http.drivers import run_load
from tools.bench.http.load import Caller, Load, LoadResult

MANY_CONNECTIONS: Final = 64
"""The other measurements use one connection."""
_WARM_UP_SHARE: Final = 0.2
"""Exchanges that are not counted, as a share of the counted ones."""
_MS: Final = 1000


@dataclass(frozen=True, slots=True)
class Subject:
    """A program to measure.

    `alone`, `many`: exchanges per round over one connection and over many. `cpu` returns the CPU
    seconds used so far, by process.
    """

    name: str
    port: int
    path: str
    callers: Sequence[Caller]
    alone: int
    many: int
    cpu: Callable[[], Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Round:
    """One round. `cpu`: CPU seconds per exchange over many connections, by process."""

    alone: LoadResult
    many: LoadResult
    cpu: Mapping[str, float]

    @property
    def exchanges(self) -> int:
        """The number of exchanges, including the warm-up."""
        return _answered(self.alone) + _answered(self.many)


@dataclass(frozen=True, slots=True)
class Rounds:
    """All rounds of one subject."""

    name: str
    rounds: Sequence[Round]

    @property
    def exchanges(self) -> int:
        return sum(one.exchanges for one in self.rounds)

    @property
    def rate(self) -> float:
        """Exchanges per second over many connections."""
        return sum(len(one.many.waits) for one in self.rounds) / sum(
            one.many.elapsed for one in self.rounds
        )

    @property
    def p99_alone(self) -> float:
        """The 99th percentile over one connection, in milliseconds."""
        return percentile(_waits(one.alone for one in self.rounds), 99) * _MS

    def figures(self) -> Iterator[Figure]:
        rates = [len(one.many.waits) / one.many.elapsed for one in self.rounds]
        cpu = {
            process: sum(one.cpu[process] for one in self.rounds) / len(self.rounds) * _MS
            for process in self.rounds[0].cpu
        }
        values = {"all rounds": self.rate, "slowest": min(rates), "fastest": max(rates)}
        yield Figure(
            f"{self.name}: exchanges over {MANY_CONNECTIONS} connections", "a second", values
        )
        yield spread("  one of them", _waits(one.many for one in self.rounds))
        yield Figure("  CPU time of it", "ms", cpu)
        yield spread("  an exchange over one connection", _waits(one.alone for one in self.rounds))


def measure(subject: Subject, folder: Path) -> Round:
    alone = run_load(_load(subject, 1, subject.alone), folder)
    before = subject.cpu()
    many = run_load(_load(subject, MANY_CONNECTIONS, subject.many), folder)
    after = subject.cpu()
    cpu = {process: (after[process] - before[process]) / _answered(many) for process in after}
    return Round(alone, many, {**cpu, "driver": many.cpu / len(many.waits)})


def _load(subject: Subject, connections: int, exchanges: int) -> Load:
    return Load(
        port=subject.port,
        path=subject.path,
        callers=subject.callers,
        connections=connections,
        requests=exchanges,
        warm_up=int(exchanges * _WARM_UP_SHARE),
    )


def _answered(result: LoadResult) -> int:
    return sum(result.statuses.values())


def _waits(results: Iterator[LoadResult]) -> list[float]:
    return list(chain.from_iterable(result.waits for result in results))
