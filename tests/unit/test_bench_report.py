"""The statistics of the benchmark and the shape of its report; never the times themselves."""

import json
from datetime import UTC, datetime

import pytest

from tools.bench.__main__ import main, parse
from tools.bench.errors import BenchError
from tools.bench.figures import Figure, percentile, ratio, single, spread
from tools.bench.machine import LIBRARIES, Machine, describe_machine
from tools.bench.measurements import NAMES
from tools.bench.report import Report, to_json, to_table
from tools.bench.round_trip import TEST, Methods, read_outcomes
from tools.bench.stage import ROOT

MACHINE = Machine(
    cpu="Abacus",
    cores=2,
    memory_gb=23.5,
    kernel="Linux 6.1",
    filesystem="ext4",
    load=0.25,
    python="CPython 3.11.7",
    libraries={"aiogram": "3.31.0"},
    commit=None,
    date="2026-01-02T12:00:00+00:00",
)
REPORT = Report(
    MACHINE,
    {
        "tcp": [spread("a click", [0.010, 0.020, 0.0301239]), single("calls", 2, "")],
        "memory": [Figure("the bot", "MB", {"idle": 1234.5, "later": 1300})],
    },
)


def test_durations_are_summed_up_in_milliseconds() -> None:
    figure = spread("a click", [number / 1000 for number in range(200, 0, -1)])

    assert figure.unit == "ms"
    assert figure.values == pytest.approx({"median": 100.5, "p99": 198, "max": 200})


@pytest.mark.parametrize(
    ("count", "percent", "rank"),
    [(1, 99, 1), (2, 99, 2), (100, 99, 99), (101, 99, 100), (4, 50, 2)],
)
def test_a_percentile_is_one_of_the_values(count: int, percent: int, rank: int) -> None:
    assert percentile(range(1, count + 1), percent) == rank


def test_a_ratio_compares_medians() -> None:
    assert ratio("to bare", [6, 6, 900], [2, 3, 500]).values == {"value": 2}


def test_the_table_has_a_line_for_every_figure() -> None:
    assert to_table(REPORT).splitlines() == [
        "Abacus, 2 cores, 23.5 GB, Linux 6.1",
        "CPython 3.11.7, data on ext4, load at the start 0.25",
        "commit unknown, 2026-01-02T12:00:00+00:00",
        "",
        "tcp",
        "  a click  median 20, p99 30.12, max 30.12 ms",
        "  calls    2",
        "",
        "memory",
        "  the bot  idle 1,234.50, later 1,300 MB",
    ]


def test_the_json_has_the_machine_and_the_rounded_figures() -> None:
    content = json.loads(to_json(REPORT))

    assert content["machine"]["cpu"] == "Abacus"
    assert content["machine"]["libraries"] == {"aiogram": "3.31.0"}
    assert list(content["measurements"]) == ["tcp", "memory"]
    assert content["measurements"]["tcp"] == [
        {"name": "a click", "unit": "ms", "values": {"median": 20, "p99": 30.124, "max": 30.124}},
        {"name": "calls", "unit": "", "values": {"value": 2}},
    ]


def test_this_machine_is_described() -> None:
    machine = describe_machine()

    assert machine.cpu
    assert machine.cores >= 1
    assert machine.memory_gb > 0
    assert machine.libraries.keys() == set(LIBRARIES)
    age = datetime.now(UTC) - datetime.fromisoformat(machine.date)
    assert 0 <= age.total_seconds() < 60


def test_a_method_is_read_back_when_it_is_so_with_any_fields() -> None:
    output = (
        f"{TEST}::test_every_method_with_all_its_fields[getme] PASSED [ 25%]\n"
        f"{TEST}::test_every_method_with_all_its_fields[close] FAILED [ 50%]\n"
        f"{TEST}::test_every_method_with_its_required_fields[getme] PASSED [ 75%]\n"
        f"{TEST}::test_every_method_with_its_required_fields[close] PASSED [100%]\n"
        "===== 1 failed, 3 passed in 1.25s =====\n"
    )
    assert read_outcomes(output) == Methods(read_back=1, tried=2, seconds=1.25)


def test_a_round_trip_over_nothing_is_no_figure() -> None:
    with pytest.raises(BenchError, match="tested no method"):
        read_outcomes("===== no tests ran in 0.01s =====")


def test_the_test_of_the_round_trip_is_where_it_is_looked_for() -> None:
    assert "def test_every_method_" in (ROOT / TEST).read_text(encoding="utf-8")


def test_without_names_everything_is_measured() -> None:
    assert parse([]).names == list(NAMES)
    assert parse(["memory"]).names == ["memory"]


def test_an_unknown_measurement_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["start-over-tcp", "nothing"])

    assert ended.value.code == 2
    assert "'nothing'" in capsys.readouterr().err


def test_the_help_names_every_measurement(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    with pytest.raises(SystemExit):
        main(["--help"])

    assert ", ".join(NAMES) in " ".join(capsys.readouterr().out.split())
