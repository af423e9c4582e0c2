"""The report: a table for people, and JSON to compare with other reports."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from tools.bench.figures import Figure
from tools.bench.machine import Machine


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of each measurement, by its name."""

    machine: Machine
    measurements: Mapping[str, Sequence[Figure]]


def to_json(report: Report) -> str:
    measurements = {
        name: [_rounded(figure) for figure in figures]
        for name, figures in report.measurements.items()
    }
    content = {"machine": asdict(report.machine), "measurements": measurements}
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def to_table(report: Report) -> str:
    return "\n".join([*_machine(report.machine), *_measurements(report.measurements), ""])


def _rounded(figure: Figure) -> dict[str, object]:
    values = {key: round(value, 3) for key, value in figure.values.items()}
    return {"name": figure.name, "unit": figure.unit, "values": values}


def _machine(machine: Machine) -> Iterator[str]:
    yield f"{machine.cpu}, {machine.cores} cores, {machine.memory_gb} GB, {machine.kernel}"
    yield f"{machine.python}, data on {machine.filesystem}, load at the start {machine.load}"
    yield f"commit {machine.commit or 'unknown'}, {machine.date}"


def _measurements(measurements: Mapping[str, Sequence[Figure]]) -> Iterator[str]:
    names = [figure.name for figures in measurements.values() for figure in figures]
    width = max(map(len, names), default=0)
    for measurement, figures in measurements.items():
        yield ""
        yield measurement
        for figure in figures:
            yield f"  {figure.name:<{width}}  {_values(figure)} {figure.unit}".rstrip()


def _values(figure: Figure) -> str:
    if len(figure.values) == 1:
        return "".join(map(_number, figure.values.values()))
    return ", ".join(f"{name} {_number(value)}" for name, value in figure.values.items())


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"
