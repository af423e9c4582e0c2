"""Turns over HTTP: how many in a second, how long one takes, and what it costs which process.

Everybody is measured in turns, round after round: what the machine does besides befalls all alike.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Final

from tools.bench.figures import Figure, single
from tools.bench.http.asking import chat_callers, completion_callers
from tools.bench.http.books import check_books
from tools.bench.http.drivers import drive
from tools.bench.http.load import Load
from tools.bench.http.options import BYTES, CHAT, COMPLETIONS, PEOPLE, PIECES, Options
from tools.bench.http.peer import peer
from tools.bench.http.people import Person, make_people, renew
from tools.bench.http.stage import Okno, Running, model, okno, proxy
from tools.bench.http.subjects import MANY, Rounds, Subject, measure
from tools.bench.stage import temporary_folder

_ROUNDS: Final = 3
_MODEL, _PROXY, _BYTES, _OKNO = "model", "bare proxy", "bare proxy, bytes alone", "Okno"


def measure_turns(options: Options) -> list[Figure]:
    with ExitStack() as stack:
        folder = stack.enter_context(temporary_folder())
        behind = stack.enter_context(model(folder, pieces=PIECES))
        bare = stack.enter_context(proxy(folder, behind.port, options.workers))
        api = stack.enter_context(okno(folder, behind.port, options.workers))
        people = asyncio.run(_sign_in(api))
        drive(_first_questions(api, people), folder)
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
        turns = PEOPLE + found[_OKNO].turns
        asyncio.run(check_books(api.database, turns))
    return [
        *(figure for one in found.values() for figure in one.figures()),
        *_comparisons(found),
        single("turns of Okno that are stored and settled", turns, "turns, which is all"),
    ]


def _comparisons(found: Mapping[str, Rounds]) -> Iterator[Figure]:
    ours = found[_OKNO]
    others = {name: one for name, one in found.items() if one is not ours}
    rates = {name: ours.rate / one.rate for name, one in others.items()}
    yield Figure(f"turns of Okno over {MANY} connections to those of", "times", rates)
    added = {name: ours.p99_alone - one.p99_alone for name, one in others.items()}
    yield Figure("p99 of a turn of Okno over one connection, less that of", "ms", added)


def _completing(processes: Mapping[str, Running], *, alone: int, many: int) -> Subject:
    """Make a subject that speaks chat completions: the first of its processes."""
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
    """Let everybody begin a conversation: one in thousands of turns does that, so none here."""
    return Load(
        port=api.api.port,
        path=CHAT,
        callers=chat_callers(people),
        connections=MANY,
        requests=len(people),
        warm_up=0,
    )


async def _sign_in(api: Okno) -> list[Person]:
    return await renew(await make_people(api.database, PEOPLE), api.api.port)
