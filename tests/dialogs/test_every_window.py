"""Every window of every dialog: opened in both languages, and pressed after a restart."""

import re

import pytest

from sandbox.llm import LanguageModelEmulator
from tests.support.person import Person
from tests.support.places import ALL_PLACES, JOINING, Place, Visitor
from tests.support.stage import Stage

LANGUAGES = {"en": "English ✓", "ru": "Русский ✓"}
OUTDATED = "This window was out of date. Here is a fresh one."

PROPER_NAMES = (
    *("Русский", "English", "Okno", "Telegram", "Анна", "Anna"),
    *("YandexGPT Lite", "YandexGPT Pro", "ChatGPT mini"),
    *("UTC", "API", "OpenAI", "Firefox", "anna", "echo"),
)


async def registered(stage: Stage, models: LanguageModelEmulator, language: str = "en") -> Visitor:
    person = stage.person("Анна" if language == "ru" else "Anna", language_code=language)
    await person.register(LANGUAGES[language])
    return Visitor(stage, models, person, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", [*ALL_PLACES, JOINING], ids=str)
async def test_a_window_opens_in_the_language_of_the_user(
    stage: Stage, language_models: LanguageModelEmulator, place: Place, language: str
) -> None:
    visitor = await registered(stage, language_models, language)

    await place.visit(visitor)

    words = all_words(visitor.person)
    foreign = "[А-Яа-яЁё]" if language == "en" else "[A-Za-z]"
    assert not re.search(foreign, words), words
    assert re.search("[A-Za-z]" if language == "en" else "[А-Яа-яЁё]", words)


def all_words(person: Person) -> str:
    """Return what the window says, without commands, names and keys."""
    words = "\n".join([person.window["text"], *person.labels])
    for name in PROPER_NAMES:
        words = words.replace(name, "")
    return re.sub(r"/\w+|okno_\w+", "", words)


@pytest.mark.parametrize("place", ALL_PLACES, ids=str)
async def test_every_button_works_after_a_restart(
    stage: Stage, language_models: LanguageModelEmulator, place: Place
) -> None:
    visitor = await registered(stage, language_models)
    person = visitor.person
    await place.visit(visitor)
    for position in range(len(person.labels)):
        await place.visit(visitor)
        await stage.restart()

        popup = await person.press(person.labels[position])
        await stage.answered()

        assert popup is not None
        assert popup.text != OUTDATED, "the button was taken for a stale one"
        if "deleted" in person.window["text"]:
            await person.register()


@pytest.mark.parametrize("place", ALL_PLACES, ids=str)
async def test_every_button_leads_home_when_redis_lost_everything(
    stage: Stage, language_models: LanguageModelEmulator, place: Place
) -> None:
    visitor = await registered(stage, language_models)
    person = visitor.person
    await place.visit(visitor)
    for position in range(len(person.labels)):
        await place.visit(visitor)
        fresh = person.window["text"] if place.comes_back else "Menu"
        await stage.flush_redis()

        popup = await person.press(person.labels[position])
        await stage.answered()

        assert popup is not None
        assert popup.text == OUTDATED
        assert person.window["text"].startswith(fresh)
