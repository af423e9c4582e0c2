"""The scenarios that the product was ordered with, end to end, in both languages."""

from dataclasses import dataclass

import pytest

from sandbox.llm import Call, Fault, FaultKind, LanguageModelEmulator
from tests.support.person import Person
from tests.support.stage import Stage


@dataclass(frozen=True)
class Words:
    """The texts that a user reads in one language."""

    code: str
    name: str
    choice: str
    greeting: str
    welcome: str
    question: str
    answer: str
    second: str
    unavailable: str
    again: str


ENGLISH = Words(
    code="en",
    name="Anna",
    choice="English ✓",
    greeting="Hello, Anna!",
    welcome="Welcome, Anna!",
    question="echo: The capital is **Paris**.",
    answer="The capital is Paris.",
    second="What did I ask?",
    unavailable="out of order for the moment",
    again="🔁 Try again",
)
RUSSIAN = Words(
    code="ru",
    name="Анна",
    choice="Русский ✓",
    greeting="Здравствуйте, Анна!",
    welcome="Добро пожаловать, Анна!",
    question="повтори: Столица — **Париж**.",
    answer="Столица — Париж.",
    second="Что я спрашивал?",
    unavailable="Сервис модели пока не работает",
    again="🔁 Ещё раз",
)

LANGUAGES = pytest.mark.parametrize("words", [ENGLISH, RUSSIAN], ids=["en", "ru"])


async def newcomer(stage: Stage, words: Words) -> Person:
    person = stage.person(words.name, language_code=words.code)
    await person.register(words.choice)
    return person


@LANGUAGES
async def test_who_writes_for_the_first_time_is_registered_and_welcomed(
    stage: Stage, words: Words
) -> None:
    anna = stage.person(words.name, language_code=words.code)

    await anna.say("/start")

    assert await stage.scalar("SELECT first_name FROM users") == words.name
    assert words.greeting in anna.window["text"]
    await anna.press(words.choice)
    assert words.welcome in anna.window["text"]
    await anna.say("/start")
    assert await stage.scalar("SELECT count(*) FROM users") == 1


@LANGUAGES
async def test_a_message_is_kept_sent_to_the_model_and_answered(
    stage: Stage, language_models: LanguageModelEmulator, words: Words
) -> None:
    anna = await newcomer(stage, words)

    await anna.ask(words.question)

    assert anna.window["text"] == words.answer
    (request,) = language_models.requests(Call.COMPLETION)
    assert request.messages[-1].text == words.question
    assert await stage.scalar("SELECT count(*) FROM messages WHERE status = 'done'") == 2
    redis = await stage.redis()
    cached = [key async for key in redis.scan_iter("okno:question-context:*")]
    assert len(cached) == 1


@LANGUAGES
@pytest.mark.parametrize("loss", ["restart", "redis"])
async def test_the_conversation_survives_a_restart_and_a_lost_redis(
    stage: Stage, language_models: LanguageModelEmulator, words: Words, loss: str
) -> None:
    anna = await newcomer(stage, words)
    await anna.ask(words.question)
    if loss == "restart":
        await stage.restart()
    else:
        await stage.flush_redis()

    await anna.ask(words.second)

    *_, request = language_models.requests(Call.COMPLETION)
    said = [message.text for message in request.messages]
    assert said[1] == words.question
    assert said[-1] == words.second
    assert words.answer in anna.window["text"], "the emulator recites what was said"


@LANGUAGES
async def test_a_failure_of_the_model_is_told_logged_and_mended_by_one_button(
    stage: Stage,
    language_models: LanguageModelEmulator,
    words: Words,
    caplog: pytest.LogCaptureFixture,
) -> None:
    anna = await newcomer(stage, words)
    language_models.add_fault(Fault(FaultKind.UNAVAILABLE, times=10))

    await anna.ask(words.question)

    assert words.unavailable in anna.window["text"]
    assert "model-unavailable" in caplog.text
    assert await stage.scalar("SELECT sum(held) FROM balances") == 0
    assert await stage.scalar("SELECT count(*) FROM ledger_entries WHERE kind = 'usage'") == 0
    language_models.clear_faults()
    await anna.press(words.again)
    await stage.answered()
    assert anna.window["text"] == words.answer
