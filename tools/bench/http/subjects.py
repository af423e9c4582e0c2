"""One of those who are measured by turns, and what is said of each of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

from tools.bench.figures import Figure, percentile, spread
from tools.bench.http.drivers import drive
from tools.bench.http.load import Caller, Load, Outcome

MANY: Final = 64
"""Connections; besides there are measurements over a single one."""
_WARM_UP: Final = 0.2
"""Turns that are not counted, as a share of those that are."""
_MS: Final = 1000


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom to ask what. `alone`, `many`: turns in a round over one connection and over many.

    `cpu`: tells the seconds so far, by process.
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
    """What was found at one time. `cpu`: seconds for a turn over many connections, by process."""

    alone: Outcome
    many: Outcome
    cpu: Mapping[str, float]

    @property
    def turns(self) -> int:
        """All of them, those of the warm-up too."""
        return _answered(self.alone) + _answered(self.many)


@dataclass(frozen=True, slots=True)
class Rounds:
    """What was found of one subject."""

    name: str
    rounds: Sequence[Round]

    @property
    def turns(self) -> int:
        return sum(one.turns for one in self.rounds)

    @property
    def rate(self) -> float:
        """Turns in a second over many connections."""
        return sum(len(one.many.waits) for one in self.rounds) / sum(
            one.many.elapsed for one in self.rounds
        )

    @property
    def p99_alone(self) -> float:
        """Milliseconds of a turn over one connection."""
        return percentile(_waits(one.alone for one in self.rounds), 99) * _MS

    def figures(self) -> Iterator[Figure]:
        rates = [len(one.many.waits) / one.many.elapsed for one in self.rounds]
        cpu = {
            process: sum(one.cpu[process] for one in self.rounds) / len(self.rounds) * _MS
            for process in self.rounds[0].cpu
        }
        values = {"all rounds": self.rate, "slowest": min(rates), "fastest": max(rates)}
        yield Figure(f"{self.name}: turns over {MANY} connections", "a second", values)
        yield spread("  one of them", _waits(one.many for one in self.rounds))
        yield Figure("  CPU time of it", "ms", cpu)
        yield spread("  a turn over one connection", _waits(one.alone for one in self.rounds))


def measure(subject: Subject, folder: Path) -> Round:
    alone = drive(_load(subject, 1, subject.alone), folder)
    before = subject.cpu()
    many = drive(_load(subject, MANY, subject.many), folder)
    after = subject.cpu()
    cpu = {process: (after[process] - before[process]) / _answered(many) for process in after}
    return Round(alone, many, {**cpu, "driver": many.cpu / len(many.waits)})


def _load(subject: Subject, connections: int, turns: int) -> Load:
    return Load(
        port=subject.port,
        path=subject.path,
        callers=subject.callers,
        connections=connections,
        requests=turns,
        warm_up=int(turns * _WARM_UP),
    )


def _answered(outcome: Outcome) -> int:
    return sum(outcome.statuses.values())


def _waits(outcomes: Iterator[Outcome]) -> list[float]:
    return list(chain.from_iterable(outcome.waits for outcome in outcomes))
