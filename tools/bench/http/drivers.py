"""Starts the drivers as processes and reads their results."""

from pathlib import Path

from sandbox.child import Child
from tools.bench.errors import BenchError
from tools.bench.http.load import (
    Load,
    LoadResult,
    Order,
    StreamResult,
    Streams,
    read_stream_results,
)


def run_load(load: Load, folder: Path) -> LoadResult:
    """Raises `BenchError` unless every answer is good."""
    result = LoadResult.read(_run("driver", load, folder))
    if result.faults:
        counted = ", ".join(f"{count} × {status}" for status, count in result.statuses.items())
        raise BenchError(f"not all were answered ({counted}):\n" + "\n".join(result.faults))
    return result


def run_streams(streams: Streams, folder: Path) -> list[StreamResult]:
    """Raises `BenchError` unless every stream ends well."""
    return read_stream_results(_run("listener", streams, folder))


def _run(name: str, order: Order, folder: Path) -> Path:
    orders, results = folder / f"{name}-order.json", folder / f"{name}-result.json"
    order.write(orders)
    command = [f"tools.bench.http.{name}", str(orders), str(results)]
    with Child(command, log=folder / f"{name}.log") as driver:
        if driver.wait() != 0:
            raise BenchError(f"the {name} failed: {driver.last_log_lines(lines=1)}")
    return results
