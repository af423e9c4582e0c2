"""`python -m sandbox` (`make demo`) runs all of Okno on this machine. Nothing is installed."""

import signal
import sys
from pathlib import Path

from sandbox.demo import run
from sandbox.programs import ProgramError

DATA = Path(".okno")


def main() -> int:
    # Both signals end the demo. A shell makes background programs ignore SIGINT: this undoes it.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)
    try:
        run(DATA.resolve())
    except KeyboardInterrupt:
        sys.stdout.write("\n  Ended.\n")
    except ProgramError as error:
        sys.stderr.write(f"\n  okno: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
