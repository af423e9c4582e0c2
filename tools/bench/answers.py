"""`answers`: how long many people at once wait for an answer to begin.

Telegram's limits are on. The model takes its time, as models do: what Okno adds to it is the time
until a person sees the first text, less what the model itself took for it. Once all people ask in
the same instant, which no process of one core can serve in an instant; then as people do, each in a
conversation of its own rhythm.
"""

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from http import HTTPStatus
from itertools import count
from typing import Any, Final

from aiohttp import ClientSession

from tools.bench.errors import BenchError
from tools.bench.figures import Figure, single, spread
from tools.bench.person import Answer, Person, drive, new_person, open_http
from tools.bench.stage import Stage, okno_stage

PEOPLE: Final = 100
RUSHES: Final = 2
ROUNDS: Final = 3
"""Questions per person, of either kind."""
RHYTHM: Final = 10.0
"""Seconds between two questions of one person, when they do not all ask in the same instant."""
PACE: Final = {"first_seconds": 0.4, "token_seconds": 1 / 60}
_QUESTION: Final = "Question {round} of {chat_id}: answer in 120 words, please."
_CPU: Final = re.compile(r"^process_cpu_seconds_total (\S+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Taken:
    """What the answers took; `models`: seconds to the model's own first text, in their order."""

    answers: Sequence[Answer]
    models: Sequence[float]
    calls: Sequence[Mapping[str, Any]]
    cpu_seconds: float


def measure() -> list[Figure]:
    with okno_stage("--rate-limit", LLM_CONCURRENCY=str(PEOPLE)) as stage:
        rush, rhythm = drive(_measure(stage))
    return [
        *_figures(f"{PEOPLE} people in the same instant", rush),
        *_figures(f"{PEOPLE} people, a question each {RHYTHM:.0f} s", rhythm),
    ]


async def _measure(stage: Stage) -> tuple[Taken, Taken]:
    async with (
        open_http(stage.telegram) as emulators,
        open_http(stage.bot) as bot,
        AsyncExitStack() as stack,
    ):
        await _set_up_models(emulators)
        people = [await stack.enter_async_context(new_person(emulators)) for _ in range(PEOPLE)]
        for person in people:
            await person.register()
        crowd = _Crowd(people, emulators, bot)
        await crowd.ask(1, RHYTHM)  # connections and caches come to be: not counted
        return await crowd.ask(RUSHES, 0.0), await crowd.ask(ROUNDS, RHYTHM)


class _Crowd:
    """All people together; no two of their questions are the same."""

    def __init__(
        self, people: Sequence[Person], emulators: ClientSession, bot: ClientSession
    ) -> None:
        self._people = people
        self._emulators = emulators
        self._bot = bot
        self._rounds = count(1)

    async def ask(self, rounds: int, seconds: float) -> Taken:
        """Let each ask once in every round, evenly spread over so many seconds."""
        answers: list[Answer] = []
        models: list[float] = []
        calls: list[dict[str, Any]] = []
        cpu = await _cpu_seconds(self._bot)
        for _ in range(rounds):
            before = len(await _calls(self._emulators))
            asked = await self._ask_once(seconds)
            answers += asked
            models += await _first_texts(self._emulators, asked)
            calls += (await _calls(self._emulators))[before:]
        return Taken(answers, models, calls, await _cpu_seconds(self._bot) - cpu)

    async def _ask_once(self, seconds: float) -> list[Answer]:
        number = next(self._rounds)
        pause = seconds / len(self._people)
        return await asyncio.gather(
            *(
                _ask(person, _QUESTION.format(round=number, chat_id=person.chat_id), place * pause)
                for place, person in enumerate(self._people)
            )
        )


async def _ask(person: Person, question: str, seconds: float) -> Answer:
    await asyncio.sleep(seconds)
    return await person.ask(question)


async def _set_up_models(emulators: ClientSession) -> None:
    """A pace as models have it, and room for everybody: the queue is not what is measured."""
    for control, values in (("pace", PACE), ("limits", {"concurrent": PEOPLE})):
        async with emulators.post(f"/sim/llm/{control}", json=values) as response:
            response.raise_for_status()


def _figures(name: str, taken: Taken) -> list[Figure]:
    seen = [answer.first_text for answer in taken.answers]
    own = [mine - its for mine, its in zip(seen, taken.models, strict=True)]
    answers = len(taken.answers)
    refused = sum(call["status"] == HTTPStatus.TOO_MANY_REQUESTS for call in taken.calls)
    return [
        spread(f"{name}: question until the first text is seen", seen),
        spread("  of it the model's own first text", taken.models),
        spread("  of it Okno's share", own),
        spread("  question until the whole answer is there", [a.complete for a in taken.answers]),
        Figure("  Bot API calls per answer", "calls", _per_answer(taken.calls, answers)),
        single("  answers 429 of the Bot API", refused, f"of {len(taken.calls):,} calls"),
        single("  CPU time of the bot per answer", taken.cpu_seconds / answers * 1000, "ms"),
    ]


def _per_answer(calls: Iterable[Mapping[str, Any]], answers: int) -> dict[str, float]:
    """The drafts apart: they are free, and the longer an answer takes the more there are."""
    methods = [call["method"] for call in calls if call["method"] != "getUpdates"]
    drafts = methods.count("sendMessageDraft")
    return {"drafts": drafts / answers, "others": (len(methods) - drafts) / answers}


async def _first_texts(emulators: ClientSession, asked: Sequence[Answer]) -> list[float]:
    """Seconds from the request to the first text, as the emulated model saw them."""
    async with emulators.get("/sim/llm/requests", params={"last": len(asked)}) as response:
        requests = (await response.json())["requests"]
    by_question = {
        request["messages"][-1]["text"]: request for request in requests if request["messages"]
    }
    return [_first_text(by_question[answer.question]) for answer in asked]


def _first_text(request: Mapping[str, Any]) -> float:
    if request["first_text_at"] is None:
        raise BenchError("an answer was not streamed")
    return float(request["first_text_at"] - request["at"])


async def _calls(emulators: ClientSession) -> list[dict[str, Any]]:
    async with emulators.get("/sim/calls") as response:
        calls: list[dict[str, Any]] = (await response.json())["calls"]
    return calls


async def _cpu_seconds(bot: ClientSession) -> float:
    """Ask the bot itself; it knows on Linux alone."""
    async with bot.get("/metrics") as response:
        found = _CPU.search(await response.text())
    if found is None:
        raise BenchError("the bot's process can't tell its CPU time on this system")
    return float(found[1])
