"""`python -m tools.bench [name …] [--json FILE]`: measure, print a table, write JSON.

`python -m tools.bench http --only memory --exchanges 200000` measures one part of `http`.

Every measurement is bounded in count and time, and starts and stops servers of its own.
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
"""The usual exit code after Ctrl-C."""


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse(arguments)
    # SIGTERM ends the measurements as Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        report = _measure(
            options.names, Options(options.only, options.exchanges, options.peer, options.workers)
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
        help=f"measure only these: {', '.join(NAMES)}",
    )
    parser.add_argument(
        "--json", type=Path, help=f"the file of results; by default under {RESULTS}"
    )
    http = parser.add_argument_group("http", "Options of this measurement.")
    usual = Options()
    http.add_argument(
        "--only", nargs="+", choices=PARTS, default=usual.only, help="measure only these parts"
    )
    http.add_argument(
        "--exchanges", type=int, default=usual.exchanges, help="of the part memory: %(default)s"
    )
    http.add_argument("--peer", choices=PEERS, help="also measure this program")
    http.add_argument(
        "--workers", type=int, default=usual.workers, help="processes of the API: %(default)s"
    )
    return parser.parse_args(arguments)


def _known(name: str) -> str:
    """Replace `choices`, which on Python 3.11 refuses an empty list of names."""
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
