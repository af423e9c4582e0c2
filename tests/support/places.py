"""Every window, in the situations in which it shows different buttons."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from aiogram.fsm.state import State

from dialogs import states
from dialogs.states import Chat, History
from okno.kit.errors import ErrorKind
from sandbox.llm import Fault, FaultKind, LanguageModelEmulator
from tests.support.person import Person
from tests.support.stage import Stage

ALL_STATES = [
    state
    for group in vars(states).values()
    if hasattr(group, "__states__")
    for state in group.__states__
]
TEXTS = {
    "en": {"rename": "✏️ Rename", "delete": "🗑 Delete", "search": "🔎 Search"},
    "ru": {"rename": "✏️ Переименовать", "delete": "🗑 Удалить", "search": "🔎 Найти"},
}

Situation = Callable[["Visitor"], Awaitable[None]]


class Visitor(NamedTuple):
    """A registered person, and what is needed to bring about a situation."""

    stage: Stage
    models: LanguageModelEmulator
    person: Person
    language: str

    async def open(self, state: State, data: dict[str, str | int] | None = None) -> None:
        """Open the window in place of whatever is open."""
        before = len(self.person.messages)
        await self.stage.open_window(self.person.id, state, data)
        assert len(self.person.messages) == before + 1

    async def press(self, name: str) -> None:
        await self.person.press(TEXTS[self.language][name])

    async def ask(self, question: str) -> None:
        await self.person.say("/new")
        await self.person.ask(question)


class Place(NamedTuple):
    """A window in a situation; None: nothing was ever asked, and no window has any data."""

    state: State
    situation: Situation | None = None

    def __str__(self) -> str:
        name = str(self.state.state)
        return name if self.situation is None else f"{name}-{self.situation.__name__}"

    async def visit(self, visitor: Visitor) -> None:
        if self.situation is None:
            await visitor.open(self.state)
        else:
            await self.situation(visitor)


async def cut_answer(visitor: Visitor) -> None:
    await visitor.ask("Слово: 3000 слов" if visitor.language == "ru" else "Write 3000 words")


async def failure(visitor: Visitor) -> None:
    visitor.models.add_fault(Fault(FaultKind.UNAUTHENTICATED))
    await visitor.ask("echo: 1")


async def payment(visitor: Visitor) -> None:
    refusal: dict[str, str | int] = {
        "code": "payment-required",
        "kind": ErrorKind.PAYMENT_REQUIRED.value,
        "$available": 1,
        "$needed": 100,
        "question": "echo: 1",
    }
    await visitor.open(Chat.refused, refusal)


async def conversations(visitor: Visitor) -> None:
    await visitor.ask("echo: 1")
    await visitor.open(History.conversations)


async def exchange(visitor: Visitor) -> None:
    await visitor.ask("echo: 1")
    await visitor.person.ask("echo: 2")
    await visitor.open(History.conversations)
    (label,) = [label for label in visitor.person.labels if "echo: 1" in label][:1]
    await visitor.person.press(label)


async def renaming(visitor: Visitor) -> None:
    await exchange(visitor)
    await visitor.press("rename")


async def deleting(visitor: Visitor) -> None:
    await exchange(visitor)
    await visitor.press("delete")


async def found(visitor: Visitor) -> None:
    await conversations(visitor)
    await visitor.press("search")
    await visitor.person.say("1")


ALL_PLACES = [
    *map(Place, ALL_STATES),
    Place(Chat.main, cut_answer),
    Place(Chat.main, failure),
    Place(Chat.refused, payment),
    Place(History.conversations, conversations),
    Place(History.exchange, exchange),
    Place(History.rename, renaming),
    Place(History.delete, deleting),
    Place(History.found, found),
]
