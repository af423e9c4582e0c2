"""`answers`: seconds until the first text of an answer, when many people ask at once.

Telegram's limits are on, and the emulated model takes time as real ones do. Okno's share is the
time until a person sees the first text, minus the time of the model's first text. First all people
ask in the same instant, then their questions are spread evenly over time.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from http import HTTPStatus
from itertools import count
from typing import Any, Final

from aiohttp import ClientSession

from tools.bench.errors import BenchError
from tools.bench.figures import Figure, single, spread
from tools.bench.person import Answer, Person, new_person, open_http, run_people
from tools.bench.reading import read_calls, read_metric
from tools.bench.stage import Stage, okno_stage

PEOPLE: Final = 100
RUSHES: Final = 2
ROUNDS: Final = 3
"""Questions of each person: in the same instant, and spread."""
QUESTION_INTERVAL_SECONDS: Final = 10.0
"""Between two questions of one person, when the questions are spread."""
PACE: Final = {"first_seconds": 0.4, "token_seconds": 1 / 60}
_QUESTION: Final = "Question {round} of {chat_id}: answer in 120 words, please."
_CPU: Final = "process_cpu_seconds_total"


@dataclass(frozen=True, slots=True)
class Taken:
    """Measured answers; `models`: for each of them, the seconds to the model's first text."""

    answers: Sequence[Answer]
    models: Sequence[float]
    calls: Sequence[Mapping[str, Any]]
    cpu_seconds: float


def measure() -> list[Figure]:
    with okno_stage("--rate-limit", LLM_CONCURRENCY=str(PEOPLE)) as stage:
        rush, rhythm = run_people(_measure(stage))
    return [
        *_figures(f"{PEOPLE} people in the same instant", rush),
        *_figures(f"{PEOPLE} people, a question each {QUESTION_INTERVAL_SECONDS:.0f} s", rhythm),
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
        await crowd.ask(1, QUESTION_INTERVAL_SECONDS)  # fills connections and caches: not counted
        return await crowd.ask(RUSHES, 0.0), await crowd.ask(ROUNDS, QUESTION_INTERVAL_SECONDS)


class _Crowd:
    """All people together. No two questions are equal."""

    def __init__(
        self, people: Sequence[Person], emulators: ClientSession, bot: ClientSession
    ) -> None:
        self._people = people
        self._emulators = emulators
        self._bot = bot
        self._rounds = count(1)

    async def ask(self, rounds: int, seconds: float) -> Taken:
        """Ask once per person and round; the questions of a round are spread over the seconds."""
        answers: list[Answer] = []
        models: list[float] = []
        calls: list[dict[str, Any]] = []
        cpu = await read_metric(self._bot, _CPU)
        for _ in range(rounds):
            before = len(await read_calls(self._emulators))
            asked = await self._ask_once(seconds)
            answers += asked
            models += await _first_texts(self._emulators, asked)
            calls += (await read_calls(self._emulators))[before:]
        return Taken(answers, models, calls, await read_metric(self._bot, _CPU) - cpu)

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
    """Set a realistic pace, and allow all answers at once: waiting in the queue is not measured."""
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
    """Count drafts separately: their number depends on the duration of an answer."""
    methods = [call["method"] for call in calls if call["method"] != "getUpdates"]
    drafts = methods.count("sendMessageDraft")
    return {"drafts": drafts / answers, "others": (len(methods) - drafts) / answers}


async def _first_texts(emulators: ClientSession, asked: Sequence[Answer]) -> list[float]:
    """Return the seconds from the request to the first text, by the clock of the model."""
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
