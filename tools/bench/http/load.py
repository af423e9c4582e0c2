"""The orders for the drivers and their results. Drivers are processes: both are JSON files."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Self

NUMBER: Final = "{number}"
"""In a body, the place of the request's number, which is written with `DIGITS` digits."""
DIGITS: Final = 9


@dataclass(frozen=True, slots=True)
class Caller:
    """A caller sends one request at a time. `token`: the bearer token."""

    body: str
    token: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Requests to send. `first`: the number of the first request; `seconds`: the timeout."""

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
    """Requests from the callers one after another, over several connections.

    Every answer must contain the number of its request. `warm_up`: requests that are sent first and
    are not measured.
    """

    connections: int
    requests: int
    warm_up: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Streams(Order):
    """One stream per caller, all at the same time. They start one by one within `over` seconds."""

    dialect: str
    over: float = 0.0


@dataclass(frozen=True, slots=True)
class LoadResult:
    """The result of a load.

    `statuses`: number of answers by status, including the warm-up; `faults`: the first few answers
    with another status than 200 or without their number; `waits`: seconds from each request to the
    end of its answer; `elapsed`: seconds of the measured part; `cpu`: CPU seconds of the driver.
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
class StreamResult:
    """One stream: its texts, and the seconds from the request to its first text and its end."""

    texts: Sequence[str]
    first: float
    whole: float


def write_stream_results(results: Iterable[StreamResult], file: Path) -> None:
    _write([asdict(result) for result in results], file)


def read_stream_results(file: Path) -> list[StreamResult]:
    return [StreamResult(**result) for result in _read(file)]


def _write(content: object, file: Path) -> None:
    file.write_text(json.dumps(content), encoding="utf-8")


def _read(file: Path) -> Any:  # noqa: ANN401 - JSON
    return json.loads(file.read_text(encoding="utf-8"))
