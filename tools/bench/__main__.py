"""`python -m tools.bench [name …] [--json FILE]`: measure, print a table, write JSON.

`python -m tools.bench http --only memory --turns 200000` and the like choose within `http`.

Every measurement is bounded in count and time and has servers of its own, which end with it.
"""

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from sandbox.programs import ProgramError
from sandbox.progress import step
from tools.bench.errors import BenchError
from tools.bench.http.options import PARTS, PEERS, Options
from tools.bench.machine import describe_machine
from tools.bench.measurements import NAMES, measurements
from tools.bench.report import Report, to_json, to_table

RESULTS = Path("bench/results")
INTERRUPTED = 130
"""The exit code of a program that Ctrl-C has ended."""


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse(arguments)
    # SIGTERM ends the measurements as Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        report = _measure(
            options.names, Options(options.only, options.turns, options.peer, options.workers)
        )
    except KeyboardInterrupt:
        sys.stdout.write("\n  Ended.\n")
        return INTERRUPTED
    except (BenchError, ProgramError) as error:
        sys.stderr.write(f"\n  okno: {error}\n")
        return 1
    sys.stdout.write(f"\n{to_table(report)}")
    file = options.json or RESULTS / f"{report.machine.date[:19].replace(':', '-')}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(to_json(report), encoding="utf-8")
    sys.stdout.write(f"\nWritten to {file}\n")
    return 0


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument(
        "names",
        nargs="*",
        metavar="name",
        type=_known,
        default=list(NAMES),
        help=f"what to measure, if not all: {', '.join(NAMES)}",
    )
    parser.add_argument("--json", type=Path, help=f"where to write it, if not under {RESULTS}")
    http = parser.add_argument_group("http", "What is chosen within this measurement.")
    usual = Options()
    http.add_argument("--only", nargs="+", choices=PARTS, default=usual.only, help="these parts")
    http.add_argument("--turns", type=int, default=usual.turns, help="of memory: %(default)s")
    http.add_argument("--peer", choices=PEERS, help="compare with this program, too")
    http.add_argument("--workers", type=int, default=usual.workers, help="processes: %(default)s")
    return parser.parse_args(arguments)


def _known(name: str) -> str:
    """Stands in for `choices`, which refuses no name at all on Python 3.11."""
    if name not in NAMES:
        raise argparse.ArgumentTypeError(f"there is no measurement {name!r}")
    return name


def _measure(names: Sequence[str], http: Options) -> Report:
    machine = describe_machine()
    figures = {}
    for name in names:
        with step(name):
            figures[name] = measurements(http)[name]()
    return Report(machine, figures)


if __name__ == "__main__":
    sys.exit(main())
