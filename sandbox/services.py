"""Real PostgreSQL and Valkey from wheels, so that nothing has to be installed on the machine.

As a program it runs the two until SIGTERM and prints the settings that lead to them, as JSON.
"""

import argparse
import json
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sandbox.postgres import postgres
from sandbox.server import Environment
from sandbox.valkey import valkey


@contextmanager
def services(folder: Path, *, durable: bool = True) -> Iterator[Environment]:
    """Run both servers on the data in `folder`; yield the settings that lead to them."""
    with (
        # Of short path: a Unix socket's may not exceed about 100 bytes.
        tempfile.TemporaryDirectory(prefix="okno-") as sockets,
        postgres(folder / "postgres", Path(sockets), durable=durable) as database,
        valkey(folder / "valkey", Path(sockets)) as cache,
    ):
        yield {**database, **cache}


def main() -> None:
    parser = argparse.ArgumentParser(description="Run PostgreSQL and Valkey until SIGTERM.")
    parser.add_argument("folder", type=Path, help="where their data is kept")
    folder = parser.parse_args().folder.resolve()
    # A handler, not a blocked signal: the servers would inherit the block and never stop.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt), services(folder) as environment:
        sys.stdout.write(json.dumps(environment) + "\n")
        sys.stdout.flush()
        while True:
            signal.pause()


if __name__ == "__main__":
    main()
