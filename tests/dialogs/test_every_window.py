"""Every window of every dialog: opened in both languages, and pressed after a restart."""

import re

import pytest
from aiogram.fsm.state import State

from dialogs import states
from tests.support.person import Person
from tests.support.stage import Stage

ALL_STATES = [
    state
    for group in (states.Registration, states.Menu, states.Settings, states.Help)
    for state in group.__states__
]
LANGUAGES = {"en": "English ✓", "ru": "Русский ✓"}


def name_of(state: State) -> str:
    return str(state.state)


def test_the_list_of_states_is_complete() -> None:
    groups = [value for value in vars(states).values() if hasattr(value, "__states__")]
    declared = {state for group in groups for state in group.__states__}
    assert set(ALL_STATES) == declared


async def show(stage: Stage, person: Person, state: State) -> None:
    """Open the window in place of whatever is open."""
    before = len(person.messages)
    await stage.open_window(person.id, state)
    assert len(person.messages) == before + 1


async def registered(stage: Stage, language: str) -> Person:
    person = stage.person("Анна" if language == "ru" else "Anna", language_code=language)
    await person.register(LANGUAGES[language])
    return person


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", ALL_STATES, ids=name_of)
async def test_a_window_opens_in_the_language_of_the_user(
    stage: Stage, state: State, language: str
) -> None:
    person = await registered(stage, language)

    await show(stage, person, state)

    words = person.window["text"] + "".join(person.labels)
    for proper in ("Русский", "English", "Okno", "Telegram", "Анна", "Anna"):
        words = words.replace(proper, "")
    words = re.sub(r"/\w+", "", words)
    foreign = "[А-Яа-яЁё]" if language == "en" else "[A-Za-z]"
    assert not re.search(foreign, words), words
    assert re.search("[A-Za-z]" if language == "en" else "[А-Яа-яЁё]", words)


@pytest.mark.parametrize("state", ALL_STATES, ids=name_of)
async def test_every_button_works_after_a_restart(stage: Stage, state: State) -> None:
    person = await registered(stage, "en")
    await show(stage, person, state)
    for position in range(len(person.labels)):
        await show(stage, person, state)
        await stage.restart()

        popup = await person.press(person.labels[position])

        assert popup is not None
        assert popup.text is None, "the button was taken for a stale one"
        if "deleted" in person.window["text"]:
            await person.register()


@pytest.mark.parametrize("state", ALL_STATES, ids=name_of)
async def test_every_button_leads_home_when_redis_lost_everything(
    stage: Stage, state: State
) -> None:
    person = await registered(stage, "en")
    await show(stage, person, state)
    for label in person.labels:
        await show(stage, person, state)
        await stage.flush_redis()

        popup = await person.press(label)

        assert popup is not None
        assert popup.text == "This window was out of date. Here is a fresh one."
        assert person.window["text"].startswith("Menu")
