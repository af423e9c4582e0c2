"""What the drivers are told to do, and what they tell: JSON in files, for they are processes."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Self

NUMBER: Final = "{number}"
"""Stands in a body for the number of the request, which is written with `DIGITS` digits."""
DIGITS: Final = 9


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever asks: one request at a time. `token`: a bearer token, or none."""

    body: str
    token: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Whom to ask what. `first`: the number of the first request; `seconds`: when to give up."""

    port: int
    path: str
    callers: Sequence[Caller]
    first: int = 0
    seconds: float = 300.0

    def write(self, file: Path) -> None:
        _write(asdict(self), file)

    @classmethod
    def read(cls, file: Path) -> Self:
        content = _read(file)
        return cls(**{**content, "callers": [Caller(**caller) for caller in content["callers"]]})


@dataclass(frozen=True, slots=True, kw_only=True)
class Load(Order):
    """So many requests over so many connections, the callers taking turns.

    Every answer has to contain the number of its request. `warm_up`: requests that are made before
    and not measured.
    """

    connections: int
    requests: int
    warm_up: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Streams(Order):
    """One stream for every caller, all at once; begun one after another within `over` seconds."""

    dialect: str
    over: float = 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a load.

    `statuses`: answers by status, those of the warm-up too; `faults`: the first few that were no
    200 or had not the number; `waits`: seconds from each request to the end of its answer.
    `elapsed` and `cpu` are the seconds of the measured part, `cpu` the driver's own.
    """

    statuses: Mapping[str, int]
    faults: Sequence[str]
    waits: Sequence[float]
    elapsed: float
    cpu: float

    def write(self, file: Path) -> None:
        _write(asdict(self), file)

    @classmethod
    def read(cls, file: Path) -> Self:
        return cls(**_read(file))


@dataclass(frozen=True, slots=True)
class Heard:
    """One stream: its texts, and the seconds from the request to the first and to the end."""

    texts: Sequence[str]
    first: float
    whole: float


def write_heard(streams: Iterable[Heard], file: Path) -> None:
    _write([asdict(heard) for heard in streams], file)


def read_heard(file: Path) -> list[Heard]:
    return [Heard(**heard) for heard in _read(file)]


def _write(content: object, file: Path) -> None:
    file.write_text(json.dumps(content), encoding="utf-8")


def _read(file: Path) -> Any:  # noqa: ANN401 - JSON
    return json.loads(file.read_text(encoding="utf-8"))
