"""`python -m tools.bench.http.driver LOAD OUTCOME`: ask as fast as the answers come, as wrk does.

Not wrk itself: no registry of Python packages has it, so whoever runs the benchmark would have to
install it, and two tools would give two kinds of figures. Nor can it keep a caller to one request
at a time, or see that an answer belongs to its question. What this one costs is reported.
"""

import asyncio
import sys
from collections import Counter, deque
from itertools import count
from pathlib import Path
from time import perf_counter, process_time
from typing import Final

import uvloop

from sandbox.ports import HOST
from tools.bench.http.connection import Connection
from tools.bench.http.load import DIGITS, Load, Outcome
from tools.bench.http.request import Request

_FAULTS: Final = 3
"""How many are told of; the first one ends the measurement."""
_LONGEST_FAULT: Final = 500


class Driver:
    """Keeps every connection busy."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._numbers = count(load.first)
        self._requests = deque(Request(load.port, load.path, caller) for caller in load.callers)
        self._asked: dict[Connection, tuple[Request, int, float]] = {}
        self._statuses: Counter[str] = Counter()
        self._faults: list[str] = []
        self._waits: list[float] = []
        self._left = 0
        self._done: asyncio.Future[None]

    async def run(self) -> Outcome:
        """Raises `TimeoutError`."""
        async with asyncio.timeout(self._load.seconds):
            connections = [await self._connect() for _ in range(self._load.connections)]
            await self._ask(connections, self._load.warm_up)
            self._waits.clear()
            started, cpu = perf_counter(), process_time()
            await self._ask(connections, self._load.requests)
            elapsed, cpu = perf_counter() - started, process_time() - cpu
        for connection in connections:
            connection.close()
        return Outcome(dict(self._statuses), self._faults, self._waits, elapsed, cpu)

    async def _connect(self) -> Connection:
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(
            lambda: Connection(self._take), HOST, self._load.port
        )
        return connection

    async def _ask(self, connections: list[Connection], requests: int) -> None:
        """Return when so many are answered, or after the first fault."""
        self._left = requests
        self._done = asyncio.get_running_loop().create_future()
        for connection in connections:
            self._go_on(connection)
        await self._done

    def _go_on(self, connection: Connection) -> None:
        if self._left and not self._faults:
            self._left -= 1
            request, number = self._requests.popleft(), next(self._numbers)
            self._asked[connection] = (request, number, perf_counter())
            connection.send(request.numbered(number))
        elif not self._asked and not self._done.done():
            self._done.set_result(None)

    def _take(self, connection: Connection) -> None:
        request, number, asked = self._asked.pop(connection)
        self._waits.append(perf_counter() - asked)
        self._statuses[str(connection.status)] += 1
        if not connection.is_good or f"{number:0{DIGITS}}".encode() not in connection.body:
            self._blame(connection)
        self._requests.append(request)
        self._go_on(connection)

    def _blame(self, connection: Connection) -> None:
        if len(self._faults) < _FAULTS:
            words = connection.body[:_LONGEST_FAULT].decode(errors="replace")
            self._faults.append(f"{connection.status}: {words}")


def main() -> None:
    load, outcome = (Path(argument) for argument in sys.argv[1:])
    uvloop.run(Driver(Load.read(load)).run()).write(outcome)


if __name__ == "__main__":
    main()
