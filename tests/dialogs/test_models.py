"""The choice of model and persona."""

import pytest

from sandbox.llm import Call, LanguageModelEmulator
from tests.support.person import Person
from tests.support.stage import Stage


@pytest.fixture
async def anna(stage: Stage) -> Person:
    person = stage.person("Anna")
    await person.register()
    return person


async def test_the_models_are_offered_with_their_prices(anna: Person) -> None:
    window = await anna.say("/model")

    assert "• YandexGPT Lite: one unit in the question, one unit in the answer" in window["text"]
    assert "• ChatGPT mini: 1.5 units in the question, 6 units in the answer" in window["text"]
    assert anna.labels == [
        "YandexGPT Lite ✓",
        "YandexGPT Pro",
        "ChatGPT mini",
        "💬 Chat",
        "☰ Menu",
    ]


async def test_russian_prices_are_counted_right(stage: Stage) -> None:
    anna = stage.person("Анна", language_code="ru")
    await anna.register("Русский ✓")

    window = await anna.say("/model")

    assert "• YandexGPT Lite: 1 единица в вопросе, 1 единица в ответе" in window["text"]
    assert "• YandexGPT Pro: 4 единицы в вопросе, 4 единицы в ответе" in window["text"]
    assert "• ChatGPT mini: 1,5 единицы в вопросе, 6 единиц в ответе" in window["text"]


async def test_another_model_answers_from_then_on(
    language_models: LanguageModelEmulator, anna: Person
) -> None:
    await anna.ask("echo: one")
    await anna.say("/model")

    popup = await anna.press("ChatGPT mini")

    assert popup is not None
    assert popup.text == "From now on ChatGPT mini answers."
    assert anna.labels[:3] == ["YandexGPT Lite", "YandexGPT Pro", "ChatGPT mini ✓"]
    await anna.ask("echo: two")
    assert language_models.requests(Call.COMPLETION)[-1].model == "gpt-5-mini"


async def test_choosing_the_same_again_changes_nothing(anna: Person) -> None:
    await anna.say("/model")
    before = anna.window

    popup = await anna.press("YandexGPT Lite ✓")

    assert popup is not None
    assert popup.text is None
    assert anna.window == before


async def test_another_persona_answers_from_then_on(
    language_models: LanguageModelEmulator, anna: Person
) -> None:
    await anna.say("/persona")
    assert anna.labels[:4] == ["Assistant ✓", "Translator", "Editor", "Code reviewer"]

    popup = await anna.press("Translator")

    assert popup is not None
    assert popup.text == "From now on you talk to: Translator."
    assert anna.labels[:2] == ["Assistant", "Translator ✓"]
    await anna.ask("echo: one")
    prompt = language_models.requests(Call.COMPLETION)[-1].messages[0].text
    assert prompt.startswith("You are a translator.")


async def test_the_choice_is_shown_by_an_empty_conversation(anna: Person) -> None:
    await anna.say("/model")
    await anna.press("YandexGPT Pro")

    await anna.press("💬 Chat")

    assert "Model: YandexGPT Pro" in anna.window["text"]


async def test_the_settings_lead_to_the_choices(anna: Person) -> None:
    for label, title in (("🧠 Model", "Which model"), ("🎭 Persona", "Who shall answer")):
        await anna.say("/settings")
        await anna.press(label)
        assert anna.window["text"].startswith(title)
