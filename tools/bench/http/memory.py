"""What the API's process holds while turns go by, many of them: it shall stay where it is."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tools.bench.figures import Figure, single
from tools.bench.http.asking import chat_callers
from tools.bench.http.books import check_books
from tools.bench.http.drivers import drive
from tools.bench.http.load import Load
from tools.bench.http.options import CHAT, PEOPLE, PIECES, Options
from tools.bench.http.people import Person, make_people, renew
from tools.bench.http.stage import Okno, model, okno
from tools.bench.http.subjects import MANY
from tools.bench.stage import temporary_folder

_LAPS: Final = 10
"""After each the memory is read, and everybody gets a new token."""
_LAP_SECONDS: Final = 540.0
"""Less than a token lives."""


def measure_memory(options: Options) -> list[Figure]:
    lap = options.turns // _LAPS
    with (
        temporary_folder() as folder,
        model(folder, pieces=PIECES) as behind,
        okno(folder, behind.port, options.workers) as running,
    ):
        people = asyncio.run(make_people(running.database, PEOPLE))
        sizes = list(_go_round(running, people, lap, folder))
        asyncio.run(check_books(running.database, lap * _LAPS))
    by_turns = {f"{lap * number:,}": size for number, size in enumerate(sizes)}
    return [
        Figure("resident memory of the API after so many turns", "MB", by_turns),
        single("  growth in the second half of them", sizes[-1] - sizes[_LAPS // 2], "MB"),
    ]


def _go_round(running: Okno, people: list[Person], lap: int, folder: Path) -> Iterator[float]:
    """Yield the memory before all turns, and after every lap."""
    yield running.api.resident()
    for _ in range(_LAPS):
        people = asyncio.run(renew(people, running.api.port))
        load = Load(
            port=running.api.port,
            path=CHAT,
            callers=chat_callers(people),
            connections=MANY,
            requests=lap,
            warm_up=0,
            seconds=_LAP_SECONDS,
        )
        drive(load, folder)
        yield running.api.resident()
