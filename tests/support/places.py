"""Every window, in the situations in which it shows different buttons."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple, Self

from aiogram.fsm.state import State

from dialogs.chat.states import Chat
from dialogs.confirmation.states import Confirmation
from dialogs.history.states import History
from dialogs.keys.states import Keys
from dialogs.registry import all_dialogs
from dialogs.settings.states import Settings
from okno.accounts.service import ApiKeysService
from okno.kit.errors import ErrorKind
from sandbox.llm import Fault, FaultKind, LanguageModelEmulator
from tests.support.access import (
    actor_of,
    ask_for_joining,
    ask_for_password,
    confirmations,
    make_web_account,
)
from tests.support.person import Person
from tests.support.stage import Stage

ALL_STATES = [state for dialog in all_dialogs() for state in dialog.states()]
OUTDATED = "This window was out of date. Here is a fresh one."
"""Pops up when a button of a window is pressed that is no longer known."""
TEXTS = {
    "en": {
        "rename": "✏️ Rename",
        "delete": "🗑 Delete",
        "search": "🔎 Search",
        "new key": "➕ New key",
        "revoke": "Revoke",
    },
    "ru": {
        "rename": "✏️ Переименовать",
        "delete": "🗑 Удалить",
        "search": "🔎 Найти",
        "new key": "➕ Новый ключ",
        "revoke": "Отозвать",
    },
}

Situation = Callable[["Visitor"], Awaitable[None]]


class Visitor(NamedTuple):
    """A registered person, and what is needed to bring about a situation."""

    stage: Stage
    models: LanguageModelEmulator
    person: Person
    language: str

    @classmethod
    async def register(
        cls, stage: Stage, models: LanguageModelEmulator, language: str = "en"
    ) -> Self:
        """Register a new person in the bot."""
        name, button = ("Анна", "Русский ✓") if language == "ru" else ("Anna", "English ✓")
        person = stage.person(name, language_code=language)
        await person.register(button)
        return cls(stage, models, person, language)

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
    """A window in a situation; None: nothing was ever asked, and no window has any data.

    `comes_back`: when it is lost, it is the one that is opened anew.
    """

    state: State
    situation: Situation | None = None
    comes_back: bool = False

    def __str__(self) -> str:
        name = str(self.state.state)
        return name if self.situation is None else f"{name}-{self.situation.__name__}"

    async def visit(self, visitor: Visitor) -> None:
        if self.situation is None:
            await visitor.open(self.state)
        else:
            await self.situation(visitor)

    async def visitors(self, stage: Stage, models: LanguageModelEmulator) -> list[Person]:
        """Bring one person here for each button of the window."""
        people: list[Person] = []
        while not people or len(people) < len(people[0].labels):
            visitor = await Visitor.register(stage, models)
            await self.visit(visitor)
            people.append(visitor.person)
        return people


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


async def signed_in(visitor: Visitor) -> None:
    await visitor.stage.execute(
        "INSERT INTO sessions (id, user_id, address, device, created_at, used_at, expires_at)"  # noqa: S608 - a number
        " SELECT gen_random_uuid(), id, '203.0.113.7', 'Firefox', now(), now(),"
        " now() + interval '1 day' FROM users, generate_series(1, 6)"
        f" WHERE telegram_id = {visitor.person.id}"
    )
    await visitor.open(Settings.access)


async def keys(visitor: Visitor) -> None:
    actor = await actor_of(visitor.stage, visitor.person.id)
    service = await visitor.stage.container.get(ApiKeysService)
    await service.create(actor, "1", 1000)
    await visitor.open(Keys.main)


async def key_limit(visitor: Visitor) -> None:
    await keys(visitor)
    await visitor.press("new key")
    await visitor.person.say("1")


async def key(visitor: Visitor) -> None:
    await keys(visitor)
    (label,) = [label for label in visitor.person.labels if "okno_" in label]
    await visitor.person.press(label)


async def revoking(visitor: Visitor) -> None:
    await key(visitor)
    await visitor.press("revoke")


async def password(visitor: Visitor) -> None:
    await ask_for_password(visitor.stage, visitor.person.id)
    await (await confirmations(visitor.stage)).look()


async def joining(visitor: Visitor) -> None:
    web_account = await make_web_account(visitor.stage, f"anna{visitor.person.id}")
    link = await ask_for_joining(visitor.stage, web_account)
    await visitor.person.say(f"/start join_{link.code}")
    await visitor.stage.answered()


JOINING = Place(Confirmation.main, joining)
"""Only once in the life of an account."""

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
    Place(Settings.access, signed_in),
    Place(Keys.main, keys),
    Place(Keys.limit, key_limit),
    Place(Keys.key, key),
    Place(Keys.revoke, revoking),
    Place(Confirmation.main, password, comes_back=True),
]
