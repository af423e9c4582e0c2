"""Runs real PostgreSQL and Valkey from wheels, so that nothing has to be installed.

As a program it runs both until SIGTERM, and prints their settings as JSON.
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
def run_servers(folder: Path, *, durable: bool = True) -> Iterator[Environment]:
    """Run both servers on the data in `folder`; yield the settings for them."""
    with (
        # The path of a Unix socket is limited to about 100 bytes.
        tempfile.TemporaryDirectory(prefix="okno-") as sockets,
        postgres(folder / "postgres", Path(sockets), durable=durable) as database,
        valkey(folder / "valkey", Path(sockets)) as cache,
    ):
        yield {**database, **cache}


def main() -> None:
    parser = argparse.ArgumentParser(description="Run PostgreSQL and Valkey until SIGTERM.")
    parser.add_argument("folder", type=Path, help="the folder of their data")
    folder = parser.parse_args().folder.resolve()
    # Do not block the signal: the servers would inherit the block and never stop.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt), run_servers(folder) as environment:
        sys.stdout.write(json.dumps(environment) + "\n")
        sys.stdout.flush()
        while True:
            signal.pause()


if __name__ == "__main__":
    main()
