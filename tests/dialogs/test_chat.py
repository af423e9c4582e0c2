"""The chat window: the conversation at hand, and what its buttons do with it."""

from dataclasses import replace

import pytest

from sandbox import telegram
from sandbox.llm import Call, Fault, FaultKind, LanguageModelEmulator
from tests.support.person import Person, labels_of
from tests.support.stage import Stage
from tests.support.wait import until

ANSWERED = ["✨ New", "🧹 Reset context", "🕘 History", "🧠 Model", "💰 Balance", "☰ Menu"]


@pytest.fixture
async def anna(stage: Stage) -> Person:
    person = stage.person("Anna")
    await person.register()
    return person


async def stalled(stage: Stage, models: LanguageModelEmulator, person: Person) -> None:
    """Ask something whose answer stays unfinished until `models.release()`."""
    models.add_fault(Fault(FaultKind.STALL_INSIDE, seconds=60))
    await person.say("Tell me something in 200 words")
    await until(lambda: models.stalled == 1, "the model to stall")


async def test_an_empty_conversation_says_who_answers(anna: Person) -> None:
    await anna.press("💬 Chat")

    assert anna.window["text"].startswith("What shall it be, Anna?")
    assert "Model: YandexGPT Lite" in anna.window["text"]
    assert "Persona: Assistant" in anna.window["text"]
    assert anna.labels == ["🕘 History", "🧠 Model", "🎭 Persona", "💰 Balance", "☰ Menu"]


async def test_the_answer_is_the_window_and_nothing_is_added_to_it(anna: Person) -> None:
    window = await anna.ask("echo: It is **bold** & <b>plain</b>.")

    assert window["text"] == "It is bold & <b>plain</b>."
    assert [entity["type"] for entity in window["entities"]] == ["bold"]
    assert anna.labels == ANSWERED


async def test_older_answers_keep_no_buttons(anna: Person) -> None:
    first = await anna.ask("echo: one")
    await anna.ask("echo: two")
    await anna.ask("echo: three")

    assert [message["id"] for message in anna.messages if message["keyboard"]] == [
        anna.window["id"]
    ]
    texts = [message["text"] for message in anna.messages]
    assert [text for text in texts if text in {"one", "two", "three"}] == ["one", "two", "three"]
    assert first["text"] == "one"


async def test_the_buttons_go_as_soon_as_the_next_question_is_asked(
    stage: Stage, language_models: LanguageModelEmulator, anna: Person
) -> None:
    await anna.ask("echo: one")

    await stalled(stage, language_models, anna)

    assert not any(message["keyboard"] for message in anna.messages)
    language_models.release()
    await stage.answered()


async def test_buttons_that_can_not_be_taken_off_at_once_are_taken_off_at_the_end(
    stage: Stage, anna: Person
) -> None:
    stage.expect_refusals(429)
    await anna.ask("echo: one")
    stage.emulator.add_fault(telegram.Fault(method="editMessageReplyMarkup", retry_after=600))

    await anna.ask("echo: two")

    assert anna.window["text"] == "two"
    assert len([message for message in anna.messages if message["keyboard"]]) == 1


async def test_the_conversation_is_remembered(
    language_models: LanguageModelEmulator, anna: Person
) -> None:
    await anna.ask("echo: one")
    await anna.ask("echo: two")

    request = language_models.requests(Call.COMPLETION)[-1]
    assert [message.text for message in request.messages][1:] == ["echo: one", "one", "echo: two"]


async def test_new_begins_another_conversation_and_leaves_the_answer(
    language_models: LanguageModelEmulator, anna: Person
) -> None:
    answer = await anna.ask("echo: one")

    popup = await anna.press("✨ New")

    assert popup is not None
    assert popup.text == "A new conversation: what was said before is in the history."
    assert anna.window["text"].startswith("What shall it be")
    assert anna.window["id"] != answer["id"]
    kept = next(message for message in anna.messages if message["id"] == answer["id"])
    assert (kept["text"], kept["keyboard"]) == ("one", [])
    await anna.ask("echo: two")
    request = language_models.requests(Call.COMPLETION)[-1]
    assert [message.text for message in request.messages][1:] == ["echo: two"]


async def test_reset_forgets_the_context_and_keeps_the_conversation(
    language_models: LanguageModelEmulator, anna: Person
) -> None:
    answer = await anna.ask("echo: one")

    popup = await anna.press("🧹 Reset context")

    assert popup is not None
    assert popup.text == "I have forgotten what was said so far. It stays in the history."
    assert anna.window["id"] == answer["id"]
    assert anna.labels == [label for label in ANSWERED if label != "🧹 Reset context"]
    await anna.ask("echo: two")
    request = language_models.requests(Call.COMPLETION)[-1]
    assert [message.text for message in request.messages][1:] == ["echo: two"]
    assert await anna.stage.scalar("SELECT count(*) FROM conversations") == 1


@pytest.mark.parametrize("label", ["🕘 History", "🧠 Model", "💰 Balance", "☰ Menu"])
async def test_the_answer_stays_in_the_chat_when_its_window_is_left(
    anna: Person, label: str
) -> None:
    answer = await anna.ask("echo: one")

    await anna.press(label)

    assert anna.window["id"] != answer["id"]
    kept = next(message for message in anna.messages if message["id"] == answer["id"])
    assert (kept["text"], kept["keyboard"]) == ("one", [])


async def test_a_second_look_at_the_answer_leaves_no_copy_behind(anna: Person) -> None:
    await anna.ask("echo: one")
    await anna.press("☰ Menu")
    count = len(anna.messages)

    await anna.press("💬 Chat")
    assert anna.window["text"] == "one"
    await anna.press("☰ Menu")

    assert anna.window["text"].startswith("Menu")
    assert len(anna.messages) == count


async def test_a_cut_answer_can_be_continued(
    stage: Stage, language_models: LanguageModelEmulator, anna: Person
) -> None:
    await anna.ask("Write 3000 words")
    assert anna.labels == ["▶️ Continue", *ANSWERED]

    await anna.press("▶️ Continue")
    await stage.answered()

    request = language_models.requests(Call.COMPLETION)[-1]
    assert request.messages[-1].text == "Please continue."
    assert len(request.messages) == 4


async def test_continue_pressed_twice_asks_once(
    stage: Stage, language_models: LanguageModelEmulator, anna: Person
) -> None:
    window = await anna.ask("Write 3000 words")
    language_models.pace = replace(language_models.pace, first_seconds=0.3)

    anna.tap("▶️ Continue", window)
    anna.tap("▶️ Continue", window)
    await stage.settle()
    await stage.answered()

    assert len(language_models.requests(Call.COMPLETION)) == 2


async def test_a_second_question_meanwhile_is_told_so_and_can_stop_the_first(
    stage: Stage, language_models: LanguageModelEmulator, anna: Person
) -> None:
    await stalled(stage, language_models, anna)

    await anna.say("And another question")

    assert anna.window["text"].startswith("I am still writing the answer.")
    assert anna.labels[0] == "⏹ Stop"
    popup = await anna.press("⏹ Stop")
    assert popup is not None
    assert popup.text == "Stopping."
    await stage.answered()
    assert anna.labels == ["▶️ Continue", *ANSWERED]
    assert len(language_models.requests(Call.COMPLETION)) == 1


async def test_stop_after_the_end_shows_the_answer(
    stage: Stage, language_models: LanguageModelEmulator, anna: Person
) -> None:
    await stalled(stage, language_models, anna)
    await anna.say("And another question")
    running = anna.window
    language_models.release()
    await stage.answered()

    assert not labels_of(
        next(message for message in anna.messages if message["id"] == running["id"])
    )
    assert anna.labels[-6:] == ANSWERED


async def test_the_draft_is_stopped_by_its_own_button(
    stage: Stage, language_models: LanguageModelEmulator, anna: Person
) -> None:
    await stalled(stage, language_models, anna)
    chat = stage.emulator.transcript(anna.id)
    assert chat["draft"]["can_stop"]

    stage.emulator.stop(anna.id)
    await stage.settle()
    await stage.answered()

    assert anna.labels == ["▶️ Continue", *ANSWERED]


async def test_where_drafts_are_refused_the_button_below_the_text_stops(
    stage: Stage, language_models: LanguageModelEmulator, anna: Person
) -> None:
    stage.expect_refusals(400)
    stage.emulator.add_fault(telegram.Fault(method="sendMessageDraft", code=400, times=99))
    await stalled(stage, language_models, anna)
    await until(lambda: anna.labels == ["⏹ Stop"], "the growing message")

    popup = await anna.press("⏹ Stop")

    assert popup is not None
    assert popup.text == "Stopping."
    await stage.answered()
    assert anna.labels == ["▶️ Continue", *ANSWERED]


async def test_a_stop_that_comes_too_late_says_so(stage: Stage, anna: Person) -> None:
    stage.emulator.call(
        "sendMessage",
        {
            "chat_id": anna.id,
            "text": "from before",
            "reply_markup": {"inline_keyboard": [[{"text": "Stop", "callback_data": "stop"}]]},
        },
    )

    popup = await anna.press("Stop")

    assert popup is not None
    assert popup.text == "Nothing is being written now."


async def test_new_while_an_answer_is_written_is_refused_kindly(
    stage: Stage, language_models: LanguageModelEmulator, anna: Person
) -> None:
    await stalled(stage, language_models, anna)

    await anna.say("/new")

    assert anna.window["text"].startswith("I am still writing the answer.")
    assert await stage.scalar("SELECT count(conversation_id) FROM preferences") == 1
    language_models.release()
    await stage.answered()


async def test_a_failure_is_told_in_plain_words_and_can_be_tried_again(
    stage: Stage, language_models: LanguageModelEmulator, anna: Person
) -> None:
    language_models.add_fault(Fault(FaultKind.UNAUTHENTICATED))

    await anna.ask("echo: hello")

    assert "my key is wrong or has expired" in anna.window["text"]
    assert "nothing was charged" in anna.window["text"]
    assert anna.labels[0] == "🔁 Try again"
    await anna.press("🔁 Try again")
    await stage.answered()
    assert anna.window["text"] == "hello"
    assert await stage.scalar("SELECT count(*) FROM messages WHERE role = 'user'") == 1
    assert await stage.scalar("SELECT count(*) FROM ledger_entries WHERE kind = 'usage'") == 1


async def test_try_again_pressed_twice_is_paid_once(
    stage: Stage, language_models: LanguageModelEmulator, anna: Person
) -> None:
    language_models.add_fault(Fault(FaultKind.UNAUTHENTICATED))
    window = await anna.ask("echo: hello")

    anna.tap("🔁 Try again", window)
    anna.tap("🔁 Try again", window)
    await stage.settle()
    await stage.answered()

    assert await stage.scalar("SELECT count(*) FROM ledger_entries WHERE kind = 'usage'") == 1


async def test_a_stored_failure_whose_seconds_are_forgotten_is_told_without_them(
    stage: Stage, language_models: LanguageModelEmulator, anna: Person
) -> None:
    language_models.add_fault(Fault(FaultKind.HOURLY_LIMIT))

    await anna.ask("echo: hello")

    assert "Too many questions are being asked of this model" in anna.window["text"]


async def test_a_failure_of_another_release_is_an_unexpected_one(
    stage: Stage, language_models: LanguageModelEmulator, anna: Person
) -> None:
    language_models.add_fault(Fault(FaultKind.UNAUTHENTICATED))
    await anna.ask("echo: hello")
    await stage.execute("UPDATE messages SET failure = 'no-such-code'")

    await anna.say("/menu")
    await anna.press("💬 Chat")

    assert "Something went wrong on my side" in anna.window["text"]


async def test_an_empty_balance_leads_to_the_packages(stage: Stage, anna: Person) -> None:
    await anna.say("/balance")
    await stage.execute("UPDATE balances SET balance = 10")

    await anna.ask("echo: hello")

    assert anna.window["text"].startswith("Your question was not taken")
    assert anna.labels == ["🔁 Try again", "⭐ Top up", "🧠 Model", "💬 Chat", "☰ Menu"]
    assert await stage.scalar("SELECT count(*) FROM messages") == 0
    await stage.execute("UPDATE balances SET balance = 20000")
    await anna.press("🔁 Try again")
    await stage.answered()
    assert anna.window["text"] == "hello"
