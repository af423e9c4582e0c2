"""Memory of the API's process over many exchanges: it must not grow without end."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tools.bench.figures import Figure, single
from tools.bench.http.callers import chat_callers
from tools.bench.http.drivers import run_load
from tools.bench.http.load import Load
from tools.bench.http.options import CHAT, PEOPLE, PIECES, Options
from tools.bench.http.people import Person, make_people, renew
from tools.bench.http.stage import Okno, model, okno
from tools.bench.http.stored_rows import check_stored_rows
from tools.bench.http.subjects import MANY_CONNECTIONS
from tools.bench.stage import temporary_folder

_LAPS: Final = 10
"""After each lap the memory is read and every person gets a new token."""
_LAP_SECONDS: Final = 540.0
"""A timeout below the lifetime of a token."""


def measure_memory(options: Options) -> list[Figure]:
    lap = options.exchanges // _LAPS
    with (
        temporary_folder() as folder,
        model(folder, pieces=PIECES) as behind,
        okno(folder, behind.port, options.workers) as running,
    ):
        people = asyncio.run(make_people(running.database, PEOPLE))
        sizes = list(_go_round(running, people, lap, folder))
        asyncio.run(check_stored_rows(running.database, lap * _LAPS))
    by_exchanges = {f"{lap * number:,}": size for number, size in enumerate(sizes)}
    return [
        Figure("resident memory of the API after exchanges", "MB", by_exchanges),
        single("  growth in the second half of them", sizes[-1] - sizes[_LAPS // 2], "MB"),
    ]


def _go_round(running: Okno, people: list[Person], lap: int, folder: Path) -> Iterator[float]:
    """Yield the memory in MB before the first lap and after every lap."""
    yield running.api.resident()
    for _ in range(_LAPS):
        people = asyncio.run(renew(people, running.api.port))
        load = Load(
            port=running.api.port,
            path=CHAT,
            callers=chat_callers(people),
            connections=MANY_CONNECTIONS,
            requests=lap,
            warm_up=0,
            seconds=_LAP_SECONDS,
        )
        run_load(load, folder)
        yield running.api.resident()
