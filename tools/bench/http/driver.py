"""`python -m tools.bench.http.driver LOAD RESULT` sends the next request after each answer.

`wrk` does the same, but it is not a Python package, cannot limit a caller to one request at a time,
and does not check that an answer belongs to its question. The report states the CPU time of this
driver.
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
from tools.bench.http.load import DIGITS, Load, LoadResult
from tools.bench.http.request import Request

_FAULTS_SHOWN: Final = 3
"""The first fault ends the measurement; so many are shown."""


class Driver:
    """Keeps all connections busy."""

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

    async def run(self) -> LoadResult:
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
        return LoadResult(dict(self._statuses), self._faults, self._waits, elapsed, cpu)

    async def _connect(self) -> Connection:
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(
            lambda: Connection(self._take), HOST, self._load.port
        )
        return connection

    async def _ask(self, connections: list[Connection], requests: int) -> None:
        """Return after this number of answers, or after the first fault."""
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
            self._note_fault(connection)
        self._requests.append(request)
        self._go_on(connection)

    def _note_fault(self, connection: Connection) -> None:
        if len(self._faults) < _FAULTS_SHOWN:
            self._faults.append(connection.describe_answer())


def main() -> None:
    load, result = (Path(argument) for argument in sys.argv[1:])
    uvloop.run(Driver(Load.read(load)).run()).write(result)


if __name__ == "__main__":
    main()
