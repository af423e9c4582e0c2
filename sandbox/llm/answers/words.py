"""The texts of the emulator in both languages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_CYRILLIC: Final = re.compile("[\u0400-\u04ff]")


@dataclass(frozen=True, slots=True)
class Words:
    """`personas`: keys are words of the system prompt; `sentences` fill answers of a length."""

    emulator: str
    personas: Mapping[str, str]
    asked: str
    seen: str
    words: str
    characters: str
    longest: str
    earlier: str
    hint: str
    said_before: str
    said_nothing: str
    part: str
    sentences: tuple[str, ...]
    items: tuple[str, ...]


ENGLISH: Final = Words(
    emulator="This is a **language model emulator**: no model answers here, only plain rules.",
    personas={
        "translator": "I was asked to be a **translator**, and would translate this.",
        "editor": "I was asked to be an **editor**, and would improve this.",
        "reviewer": "I was asked to be a **code reviewer**, and would look for bugs in this.",
    },
    asked="You wrote:",
    seen="What can be seen without understanding it:",
    words="words",
    characters="characters",
    longest="the longest word",
    earlier="your earlier messages in this conversation",
    hint=(
        "Ask for *500 words* or *30000 characters*, for *echo: …* with any text, or "
        "*what did I say before?*"
    ),
    said_before="The emulator remembers what you said before:",
    said_nothing="The emulator remembers nothing: you said nothing before.",
    part="Part",
    sentences=(
        "The emulator writes as much as it was asked to.",
        "Nobody thought about these words, and nobody has to.",
        "They are here to see how a long answer grows, splits and arrives.",
        "Not one of them may be lost on the way.",
    ),
    items=("one thing", "another thing with **bold words**", "a third thing with `code`"),
)

RUSSIAN: Final = Words(
    emulator="Это **эмулятор языковой модели**: за ответом нет нейросети, только простые правила.",
    personas={
        "translator": "Меня попросили быть **переводчиком**: это я бы перевёл.",
        "editor": "Меня попросили быть **редактором**: это я бы поправил.",
        "reviewer": "Меня попросили быть **ревьюером кода**: здесь я бы искал ошибки.",
    },
    asked="Вы написали:",
    seen="Что видно и без понимания:",
    words="слов",
    characters="символов",
    longest="самое длинное слово",
    earlier="ваших сообщений до этого в разговоре",
    hint=(
        "Попросите *500 слов* или *30000 символов*, напишите *повтори: …* с любым текстом "
        "или спросите: *что я говорил?*"
    ),
    said_before="Эмулятор помнит, что вы говорили раньше:",
    said_nothing="Эмулятор ничего не помнит: раньше вы ничего не говорили.",
    part="Часть",
    sentences=(
        "Эмулятор пишет столько, сколько попросили.",
        "Над этими словами никто не думал, да и вам незачем.",
        "Они нужны, чтобы увидеть, как растёт, делится и доходит длинный ответ.",
        "Ни одно из них не должно потеряться по дороге.",
    ),
    items=("одна мысль", "другая мысль с **жирными словами**", "третья мысль и `код`"),
)


def words_for(question: str) -> Words:
    """Return Russian texts for a question with Cyrillic letters."""
    return RUSSIAN if _CYRILLIC.search(question) else ENGLISH
