"""Many streams at once at the pace of a model: every piece must arrive, and soon."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Final

from tools.bench.errors import BenchError
from tools.bench.figures import Figure, single, spread
from tools.bench.http.answer import answer_to
from tools.bench.http.callers import chat_callers, completion_callers, question
from tools.bench.http.drivers import run_streams
from tools.bench.http.events import CHAT_EVENTS, COMPLETION_EVENTS
from tools.bench.http.load import StreamResult, Streams
from tools.bench.http.options import CHAT, COMPLETIONS, Options
from tools.bench.http.people import make_people, renew
from tools.bench.http.stage import Okno, Running, model, okno, proxy
from tools.bench.http.stored_rows import check_stored_rows
from tools.bench.stage import temporary_folder

_STREAMS_AT_ONCE: Final = 500
_PIECES: Final = 250
_PIECE_SECONDS: Final = 0.02
"""Between two pieces: one stream takes five seconds."""
_BEGUN: Final = {"in one instant": 0.0, "within two seconds": 2.0}
_WARM_UP_SECONDS: Final = 5.0
"""Every person reads a first stream that is not counted: it also creates the conversation, which
few exchanges do."""
_MODEL, _PROXY, _OKNO = "model", "bare proxy", "Okno"


def measure_streams(options: Options) -> list[Figure]:
    figures: list[Figure] = []
    with (
        temporary_folder() as folder,
        model(folder, pieces=_PIECES, seconds=_PIECE_SECONDS) as behind,
        proxy(folder, behind.port, options.workers) as bare,
        okno(folder, behind.port, options.workers) as running,
    ):
        orders = {
            _MODEL: _completions(behind),
            _PROXY: _completions(bare),
            _OKNO: asyncio.run(_chats(running)),
        }
        for order in orders.values():
            _listen(replace(order, over=_WARM_UP_SECONDS), folder)
        for begun, seconds in _BEGUN.items():
            results = {
                name: _listen(replace(order, over=seconds), folder)
                for name, order in orders.items()
            }
            figures += _figures(begun, results)
        asyncio.run(check_stored_rows(running.database, _STREAMS_AT_ONCE * (1 + len(_BEGUN))))
    return figures


def _completions(asked: Running) -> Streams:
    return Streams(
        port=asked.port,
        path=COMPLETIONS,
        callers=completion_callers(_STREAMS_AT_ONCE, stream=True),
        dialect=COMPLETION_EVENTS,
    )


async def _chats(asked: Okno) -> Streams:
    people = await renew(await make_people(asked.database, _STREAMS_AT_ONCE), asked.api.port)
    return Streams(
        port=asked.api.port,
        path=CHAT,
        callers=chat_callers(people, stream=True),
        dialect=CHAT_EVENTS,
    )


def _listen(streams: Streams, folder: Path) -> list[StreamResult]:
    results = run_streams(streams, folder)
    check_whole(results, streams.first, _PIECES)
    return results


def check_whole(results: Sequence[StreamResult], first: int, pieces: int) -> None:
    """Raises `BenchError` unless every stream has every piece of its answer once and in order."""
    broken = [
        number
        for number, stream in zip(count(first), results, strict=False)
        if "".join(stream.texts) != "".join(answer_to(question(number), pieces))
    ]
    if broken:
        raise BenchError(f"{len(broken)} of {len(results)} streams are not whole: {broken[:10]}")


def _figures(begun: str, results: Mapping[str, Sequence[StreamResult]]) -> Iterator[Figure]:
    firsts = {
        name: spread(f"  {name}: first text", [stream.first for stream in streams])
        for name, streams in results.items()
    }
    yield single(f"streams begun {begun}, and all of them whole", _STREAMS_AT_ONCE, "of each")
    yield from firsts.values()
    for name in (_PROXY, _OKNO):
        added = {
            key: value - firsts[_MODEL].values[key] for key, value in firsts[name].values.items()
        }
        yield Figure(f"  {name}: added to the first text", "ms", added)
    for name, streams in results.items():
        yield spread(f"  {name}: the whole stream", [stream.whole for stream in streams])
    events = sum(len(stream.texts) for stream in results[_OKNO]) / _STREAMS_AT_ONCE
    yield single(f"  Okno: events in which {_PIECES} pieces came", events, "a stream")
