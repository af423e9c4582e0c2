"""Every window of every dialog opens in both languages."""

import re

import pytest

from sandbox.llm import LanguageModelEmulator
from tests.support.person import Person
from tests.support.places import ALL_PLACES, JOINING, Place, Visitor
from tests.support.stage import Stage

LETTERS = {"en": "[A-Za-z]", "ru": "[А-Яа-яЁё]"}

PROPER_NAMES = (
    *("Русский", "English", "Okno", "Telegram", "Анна", "Anna"),
    *("YandexGPT Lite", "YandexGPT Pro", "ChatGPT mini"),
    *("UTC", "API", "OpenAI", "Firefox", "anna", "echo"),
)


@pytest.mark.parametrize(("language", "other"), [("en", "ru"), ("ru", "en")])
@pytest.mark.parametrize("place", [*ALL_PLACES, JOINING], ids=str)
async def test_a_window_opens_in_the_language_of_the_user(
    shared_stage: Stage,
    language_models: LanguageModelEmulator,
    place: Place,
    language: str,
    other: str,
) -> None:
    visitor = await Visitor.register(shared_stage, language_models, language)

    await place.visit(visitor)

    words = all_words(visitor.person)
    assert not re.search(LETTERS[other], words), words
    assert re.search(LETTERS[language], words)


def all_words(person: Person) -> str:
    """Return the text of the window and its buttons, without commands, names and keys."""
    words = "\n".join([person.window["text"], *person.labels])
    for name in PROPER_NAMES:
        words = words.replace(name, "")
    return re.sub(r"/\w+|okno_\w+", "", words)
