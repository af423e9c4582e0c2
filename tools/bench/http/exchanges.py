"""Exchanges over HTTP: their rate, their duration, and the CPU time of each process.

The subjects are measured in rotation, so that other load on the machine affects all of them.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Final

from tools.bench.figures import Figure, single
from tools.bench.http.callers import chat_callers, completion_callers
from tools.bench.http.drivers import run_load
from tools.bench.http.load import Load
from tools.bench.http.options import BYTES, CHAT, COMPLETIONS, PEOPLE, PIECES, Options
from tools.bench.http.peer import peer
from tools.bench.http.people import Person, make_people, renew
from tools.bench.http.stage import Okno, Running, model, okno, proxy
from tools.bench.http.stored_rows import check_stored_rows
from tools.bench.http.subjects import MANY_CONNECTIONS, Rounds, Subject, measure
from tools.bench.stage import temporary_folder

_ROUNDS: Final = 3
_MODEL, _PROXY, _BYTES, _OKNO = "model", "bare proxy", "bare proxy, bytes alone", "Okno"


def measure_exchanges(options: Options) -> list[Figure]:
    with ExitStack() as stack:
        folder = stack.enter_context(temporary_folder())
        behind = stack.enter_context(model(folder, pieces=PIECES))
        bare = stack.enter_context(proxy(folder, behind.port, options.workers))
        api = stack.enter_context(okno(folder, behind.port, options.workers))
        people = asyncio.run(_sign_in(api))
        run_load(_first_questions(api, people), folder)
        subjects = [
            _completing({_MODEL: behind}, alone=2000, many=20_000),
            _completing({_PROXY: bare, _MODEL: behind}, alone=1000, many=5000),
            replace(_completing({_BYTES: bare, _MODEL: behind}, alone=1000, many=5000), path=BYTES),
            _chatting(api, behind, people, alone=1000, many=5000),
        ]
        if options.peer is not None:
            other = stack.enter_context(peer(folder, behind.port, options.workers))
            processes = {options.peer: other, _MODEL: behind}
            subjects.append(_completing(processes, alone=50, many=300))
        rounds = [[measure(subject, folder) for subject in subjects] for _ in range(_ROUNDS)]
        found = {
            subject.name: Rounds(subject.name, of_one)
            for subject, of_one in zip(subjects, zip(*rounds, strict=True), strict=True)
        }
        exchanges = PEOPLE + found[_OKNO].exchanges
        asyncio.run(check_stored_rows(api.database, exchanges))
    return [
        *(figure for one in found.values() for figure in one.figures()),
        *_comparisons(found),
        single(
            "exchanges of Okno that are stored and settled", exchanges, "exchanges, all of them"
        ),
    ]


def _comparisons(found: Mapping[str, Rounds]) -> Iterator[Figure]:
    ours = found[_OKNO]
    others = {name: one for name, one in found.items() if one is not ours}
    rates = {name: ours.rate / one.rate for name, one in others.items()}
    yield Figure(
        f"exchanges of Okno over {MANY_CONNECTIONS} connections to those of", "times", rates
    )
    added = {name: ours.p99_alone - one.p99_alone for name, one in others.items()}
    yield Figure("p99 of an exchange of Okno over one connection, less that of", "ms", added)


def _completing(processes: Mapping[str, Running], *, alone: int, many: int) -> Subject:
    """Make a subject that speaks chat completions: the first of the processes."""
    name, asked = next(iter(processes.items()))
    return Subject(
        name=name,
        port=asked.port,
        path=COMPLETIONS,
        callers=completion_callers(PEOPLE),
        alone=alone,
        many=many,
        cpu=lambda: {each: running.cpu() for each, running in processes.items()},
    )


def _chatting(
    api: Okno, behind: Running, people: Sequence[Person], *, alone: int, many: int
) -> Subject:
    return Subject(
        name=_OKNO,
        port=api.api.port,
        path=CHAT,
        callers=chat_callers(people),
        alone=alone,
        many=many,
        cpu=lambda: {**api.cpu(), _MODEL: behind.cpu()},
    )


def _first_questions(api: Okno, people: Sequence[Person]) -> Load:
    """Ask one question per person, which creates the conversations: few exchanges do that."""
    return Load(
        port=api.api.port,
        path=CHAT,
        callers=chat_callers(people),
        connections=MANY_CONNECTIONS,
        requests=len(people),
        warm_up=0,
    )


async def _sign_in(api: Okno) -> list[Person]:
    return await renew(await make_people(api.database, PEOPLE), api.api.port)
