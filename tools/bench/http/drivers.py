"""Starting the drivers, and reading what they found."""

from pathlib import Path

from sandbox.child import Child
from tools.bench.errors import BenchError
from tools.bench.http.load import Heard, Load, Order, Outcome, Streams, read_heard


def drive(load: Load, folder: Path) -> Outcome:
    """Raises `BenchError` unless every answer was a good one."""
    outcome = Outcome.read(_run("driver", load, folder))
    if outcome.faults:
        counted = ", ".join(f"{count} × {status}" for status, count in outcome.statuses.items())
        raise BenchError(f"not all were answered ({counted}):\n" + "\n".join(outcome.faults))
    return outcome


def listen(streams: Streams, folder: Path) -> list[Heard]:
    """Raises `BenchError` unless every stream came to a good end."""
    return read_heard(_run("listener", streams, folder))


def _run(name: str, order: Order, folder: Path) -> Path:
    given, found = folder / f"{name}-order.json", folder / f"{name}-found.json"
    order.write(given)
    command = [f"tools.bench.http.{name}", str(given), str(found)]
    with Child(command, log=folder / f"{name}.log") as driver:
        if driver.wait() != 0:
            raise BenchError(f"the {name} failed: {driver.last_words(lines=1)}")
    return found
