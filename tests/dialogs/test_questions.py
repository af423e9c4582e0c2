"""A message is a question, an input of the open window, or gets a kind refusal."""

from dataclasses import replace
from pathlib import Path

import pytest

from okno.kit.settings import Settings
from okno.llm.config import LlmSettings
from sandbox.llm import Call, LanguageModelEmulator
from sandbox.telegram import Emulator
from tests.support.person import Person
from tests.support.stage import Stage, open_stage
from tgbot.handlers.commands import COMMANDS

SMALL_MODEL = """
[[models]]
id = "small"
provider = "yandexgpt"
remote = "yandexgpt-lite/latest"
name = { ru = "Малая", en = "Small" }
context = 400
answer = 100
price = { in = 1, out = 1 }
enabled = true

[[personas]]
id = "general"
name = { ru = "Помощник", en = "Assistant" }
temperature = 0.3
prompt = "Answer."
"""


@pytest.fixture
async def anna(stage: Stage) -> Person:
    person = stage.person("Anna")
    await person.register()
    return person


@pytest.mark.parametrize("command", ["/menu", "/settings", "/help", "/model", "/history", "/new"])
async def test_a_text_is_a_question_whatever_window_is_open(anna: Person, command: str) -> None:
    opened = await anna.say(command)

    window = await anna.ask("echo: hello")

    assert window["text"] == "hello"
    left = next(message for message in anna.messages if message["id"] == opened["id"])
    assert left["keyboard"] == []


async def test_the_handler_returns_before_the_answer_is_there(
    stage: Stage, language_models: LanguageModelEmulator, anna: Person
) -> None:
    language_models.pace = replace(language_models.pace, first_seconds=0.5)
    before = len(anna.messages)

    await anna.say("echo: hello")

    assert len(anna.messages) == before + 1, "nothing but the question"
    await stage.answered()
    assert anna.window["text"] == "hello"


async def test_a_slash_alone_makes_no_command(anna: Person) -> None:
    window = await anna.ask("/etc/passwd - what is it?")

    assert "emulat" in window["text"].lower()


async def test_an_unknown_command_is_no_question(
    language_models: LanguageModelEmulator, anna: Person
) -> None:
    window = await anna.say("/dance now")

    assert window["text"] == "I don't know this command. What I can do: /help"
    assert language_models.requests() == []


async def test_every_command_of_the_menu_is_known(anna: Person) -> None:
    for command in COMMANDS:
        window = await anna.say(f"/{command}")
        assert not window["text"].startswith("I don't know this command"), command


async def test_an_edited_question_is_not_asked_again(
    stage: Stage, language_models: LanguageModelEmulator, anna: Person
) -> None:
    await anna.ask("echo: hello")
    question = next(message for message in anna.messages if message["text"] == "echo: hello")
    edited = {
        "update_id": 1,
        "edited_message": {
            "message_id": question["id"],
            "date": 1,
            "edit_date": 2,
            "chat": {"id": anna.id, "type": "private", "first_name": "Anna"},
            "from": {"id": anna.id, "is_bot": False, "first_name": "Anna"},
            "text": "echo: bye",
        },
    }

    await stage.deliver(edited)
    await stage.answered()

    assert len(language_models.requests(Call.COMPLETION)) == 1


async def test_a_reply_to_a_forgotten_window_is_a_question(stage: Stage, anna: Person) -> None:
    window = await anna.say("/menu")
    await stage.flush_redis()
    reply = stage.emulator.say(anna.id, "echo: hello")
    (update,) = stage.emulator.take_updates()
    (original,) = [
        message
        for message in stage.emulator.world.chats.get(anna.id).history
        if message["message_id"] == window["id"]
    ]
    update["message"]["reply_to_message"] = original

    await stage.deliver(update)
    await stage.answered()

    assert reply is not None
    assert anna.window["text"] == "hello"


@pytest.mark.parametrize(
    ("kind", "caption", "words"),
    [
        ("voice", None, "I can't listen to voice messages yet. Please write it in words."),
        ("document", None, "I can't read files yet. Please write it in words."),
        ("photo", None, "I can't see pictures yet. Please write it in words."),
        (
            "photo",
            "echo: what is this?",
            "I can't see pictures yet. Please send the words below it as a message.",
        ),
    ],
)
async def test_what_is_no_text_is_refused_kindly(
    stage: Stage,
    language_models: LanguageModelEmulator,
    anna: Person,
    kind: str,
    caption: str | None,
    words: str,
) -> None:
    stage.emulator.upload(
        anna.id, kind=kind, filename="a.jpg", content=b"not a picture", caption=caption
    )
    await stage.settle()

    assert anna.window["text"] == words
    assert language_models.requests() == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"sticker": {"width": 1, "height": 1, "is_animated": False, "is_video": False,
                      "type": "regular", "file_id": "a", "file_unique_id": "b"}},
         "A nice sticker! But I understand only words."),
        ({"location": {"latitude": 1.0, "longitude": 2.0}}, "I can't read maps yet."),
        ({"dice": {"emoji": "🎲", "value": 3}}, "I don't play, but I can talk."),
        ({"contact": {"phone_number": "1", "first_name": "B"}}, "I can't read contacts"),
        ({"something_new": {"a": 1}}, "I can't read this yet."),
    ],
)  # fmt: skip
async def test_every_kind_has_its_words(
    stage: Stage, anna: Person, content: dict[str, object], words: str
) -> None:
    await stage.deliver(update_with(anna, 1, content))

    assert anna.window["text"].startswith(words)


async def test_what_telegram_notes_itself_is_passed_over(stage: Stage, anna: Person) -> None:
    before = len(anna.messages)

    await stage.deliver(
        update_with(anna, 1, {"message_auto_delete_timer_changed": {"message_auto_delete_time": 9}})
    )

    assert len(anna.messages) == before


async def test_an_album_is_refused_once(stage: Stage, anna: Person) -> None:
    before = len(anna.messages)
    photo = {"photo": [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]}

    await stage.deliver(
        *(update_with(anna, number, {**photo, "media_group_id": "7"}) for number in range(1, 4))
    )

    assert len(anna.messages) == before + 1


def update_with(person: Person, number: int, content: dict[str, object]) -> dict[str, object]:
    """Make an update with a message whose content the emulator's people can't send."""
    return {
        "update_id": number,
        "message": {
            "message_id": 1000 + number,
            "date": 1,
            "chat": {"id": person.id, "type": "private", "first_name": "Anna"},
            "from": {"id": person.id, "is_bot": False, "first_name": "Anna"},
            **content,
        },
    }


async def test_a_question_longer_than_the_model_takes_is_refused(
    settings: Settings, emulator: Emulator, clean: None, tmp_path: Path
) -> None:
    models = tmp_path / "models.toml"
    models.write_text(SMALL_MODEL, encoding="utf-8")
    small = settings.replaced(settings[LlmSettings].model_copy(update={"models_file": models}))
    async with open_stage(small, emulator) as stage:
        anna = stage.person()
        await anna.register()

        await anna.ask("word " * 800)

        assert anna.window["text"].startswith("Your question was not taken")
        assert "too long for the model" in anna.window["text"]
        assert anna.labels == ["🧠 Model", "💬 Chat", "☰ Menu"]
        assert await stage.scalar("SELECT count(*) FROM messages") == 0
        stage.expect_clean()


async def test_who_is_told_once_that_the_oldest_messages_are_forgotten(
    settings: Settings, emulator: Emulator, clean: None, tmp_path: Path
) -> None:
    models = tmp_path / "models.toml"
    models.write_text(SMALL_MODEL, encoding="utf-8")
    small = settings.replaced(settings[LlmSettings].model_copy(update={"models_file": models}))
    async with open_stage(small, emulator) as stage:
        anna = stage.person()
        await anna.register()
        for number in range(6):
            await anna.ask(f"echo: {number} " + "word " * 20)

        told = [message for message in anna.messages if "oldest messages" in message["text"]]
        assert len(told) == 1
        assert anna.window["text"].startswith("5 word")
        stage.expect_clean()


async def test_in_a_group_the_bot_answers_only_who_speaks_to_it(stage: Stage, anna: Person) -> None:
    group = stage.emulator.create_group("Team", [anna.id])
    for text in ("what do you think?", "/new", "@okno_demo_bot hello", "@somebody hello"):
        stage.emulator.say(group.id, text)
    await stage.settle()

    messages = stage.emulator.transcript(group.id)["messages"]
    answers = [message["text"] for message in messages if message["author"] == "bot"]
    assert answers == ["I talk in private chats only. Write to me there: @okno_demo_bot"] * 2


async def test_a_reply_to_the_bot_in_a_group_is_answered(stage: Stage, anna: Person) -> None:
    group = stage.emulator.create_group("Team", [anna.id])
    stage.emulator.say(group.id, "/menu")
    await stage.settle()
    stage.emulator.say(group.id, "and here?")
    (update,) = stage.emulator.take_updates()
    *_, answer = (
        message
        for message in stage.emulator.world.chats.get(group.id).history
        if message["from"]["is_bot"]
    )
    update["message"]["reply_to_message"] = answer

    await stage.deliver(update)

    messages = stage.emulator.transcript(group.id)["messages"]
    assert messages[-1]["text"].startswith("I talk in private chats only.")
    assert len(messages) == 4


async def test_a_question_before_the_registration_is_answered_after_it(stage: Stage) -> None:
    anna = stage.person("Anna")

    window = await anna.say("echo: hello")
    assert "What you have asked is safe: I answer it right after." in window["text"]
    await anna.say("/start")
    await anna.press("English ✓")
    await stage.answered()

    texts = [message["text"] for message in anna.messages if message["author"] == "bot"]
    assert texts[-2].startswith("Welcome, Anna!")
    assert texts[-1] == "hello"
    assert [message["id"] for message in anna.messages if message["keyboard"]] == [
        anna.window["id"]
    ]


async def test_all_that_was_asked_before_the_registration_is_answered_after_it(
    stage: Stage, language_models: LanguageModelEmulator
) -> None:
    anna = stage.person("Anna")
    await anna.say("echo: I have a question.")
    await anna.say("Which one?")
    await anna.say("/start")
    window = await anna.say("This one.")
    assert "What you have asked is safe: I answer it right after." in window["text"]

    await anna.press("English ✓")
    await stage.answered()

    (request,) = language_models.requests(Call.COMPLETION)
    assert request.messages[-1].text == "echo: I have a question.\n\nWhich one?\n\nThis one."
    assert anna.window["text"] == "I have a question.\n\nWhich one?\n\nThis one."


async def test_what_is_too_much_to_keep_before_the_registration_is_said(
    stage: Stage, language_models: LanguageModelEmulator
) -> None:
    anna = stage.person("Anna")
    for letter in "abc":
        await anna.say(letter * 3900)

    window = await anna.say("d" * 3900)

    assert "but for your last message" in window["text"]
    await anna.press("English ✓")
    await stage.answered()
    (request,) = language_models.requests(Call.COMPLETION)
    assert "d" not in request.messages[-1].text


async def test_the_first_question_after_the_registration_just_works(anna: Person) -> None:
    assert (await anna.ask("echo: hello"))["text"] == "hello"


async def test_who_types_instead_of_choosing_a_language_gets_the_registration_again(
    stage: Stage,
) -> None:
    anna = stage.person("Anna")
    await anna.say("/start")

    window = await anna.say("/history")

    assert "Which language" in window["text"]
    assert "What you have asked" not in window["text"]
