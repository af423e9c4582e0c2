"""Past conversations: reading, continuing, renaming, exporting, deleting, searching."""

import pytest

from sandbox.llm import Call, Fault, FaultKind, LanguageModelEmulator
from tests.support.person import Person
from tests.support.stage import Stage
from tests.support.wait import until


@pytest.fixture
async def anna(stage: Stage) -> Person:
    person = stage.person("Anna")
    await person.register()
    return person


async def talk(person: Person, *conversations: tuple[str, ...]) -> None:
    """Ask the questions of each conversation, then begin another."""
    for questions in conversations:
        for question in questions:
            await person.ask(question)
        await person.say("/new")


def conversation_labels(person: Person) -> list[str]:
    return [label for label in person.labels if " · " in label]


async def open_first(person: Person) -> None:
    await person.say("/history")
    await person.press(conversation_labels(person)[0])


async def test_an_empty_history_says_so(anna: Person) -> None:
    window = await anna.say("/history")

    assert "There is nothing here yet." in window["text"]
    assert anna.labels == ["💬 Chat", "☰ Menu"]


async def test_conversations_come_by_date_with_their_titles(anna: Person) -> None:
    await talk(anna, ("echo: one",), ("echo: two", "echo: three"))

    window = await anna.say("/history")

    assert "2 conversations, the latest first." in window["text"]
    titles = [label.split(" · ")[1] for label in conversation_labels(anna)]
    assert titles == ["echo: two", "echo: one"]


@pytest.mark.slow
async def test_a_long_history_is_paged(anna: Person) -> None:
    await talk(anna, *[(f"echo: {number}",) for number in range(10)])
    window = await anna.say("/history")
    assert "10 conversations, the latest first. Page 1 of 2." in window["text"]
    assert len(conversation_labels(anna)) == 8
    assert "Older ›" in anna.labels
    assert "‹ Newer" not in anna.labels

    await anna.press("Older ›")

    assert "Page 2 of 2." in anna.window["text"]
    titles = [label.split(" · ")[1] for label in conversation_labels(anna)]
    assert titles == ["echo: 1", "echo: 0"]
    assert "Older ›" not in anna.labels
    await anna.press("‹ Newer")
    assert "Page 1 of 2." in anna.window["text"]


async def test_a_conversation_opens_at_its_last_exchange(anna: Person) -> None:
    await talk(anna, ("echo: one", "echo: **two**"))

    await open_first(anna)

    text = anna.window["text"]
    assert text.startswith("echo: one\n")
    assert text.endswith("YandexGPT Lite · 2 of 2\n\necho: **two**\n\ntwo")
    kinds = {entity["type"] for entity in anna.window["entities"]}
    assert {"bold", "blockquote"} <= kinds
    await anna.press("‹ Earlier")
    assert anna.window["text"].endswith("1 of 2\n\necho: one\n\none")
    assert "‹ Earlier" not in anna.labels
    await anna.press("Later ›")
    assert anna.window["text"].endswith("two")


async def test_markup_in_a_question_and_a_title_is_shown_as_it_is(anna: Person) -> None:
    await talk(anna, ("echo: <b>1 & 2</b>",))

    await open_first(anna)

    assert anna.window["text"].count("<b>1 & 2</b>") == 3


@pytest.mark.parametrize("asked", ["echo: " + "wörd 🎉 " * 400, "Write 2000 words"])
async def test_what_is_too_long_for_a_window_is_cut_and_says_so(anna: Person, asked: str) -> None:
    await talk(anna, (asked,))

    await open_first(anna)

    assert "Too long for a window" in anna.window["text"]
    assert "…" in anna.window["text"]


async def test_a_question_without_an_answer_is_shown(
    language_models: LanguageModelEmulator, anna: Person
) -> None:
    language_models.add_fault(Fault(FaultKind.UNAUTHENTICATED))
    await anna.ask("echo: one")

    await open_first(anna)

    assert anna.window["text"].endswith("This question got no answer.")


async def test_an_answer_that_is_being_written_is_not_missing(
    stage: Stage, language_models: LanguageModelEmulator, anna: Person
) -> None:
    language_models.add_fault(Fault(FaultKind.STALL_INSIDE, seconds=60))
    await anna.say("echo: one two three")
    await until(lambda: language_models.stalled == 1, "the model to stall")

    await open_first(anna)

    assert anna.window["text"].endswith("I am still writing the answer.")
    language_models.release()
    await stage.answered()
    await open_first(anna)
    assert anna.window["text"].endswith("one two three")


async def test_a_conversation_is_continued(
    language_models: LanguageModelEmulator, anna: Person
) -> None:
    await talk(anna, ("echo: one",), ("echo: two",))
    await anna.say("/history")
    await anna.press(conversation_labels(anna)[1])

    await anna.press("💬 Continue")

    assert anna.window["text"] == "one"
    await anna.ask("echo: three")
    request = language_models.requests(Call.COMPLETION)[-1]
    assert [message.text for message in request.messages][1:] == ["echo: one", "one", "echo: three"]


async def test_a_new_title_is_waited_for(anna: Person) -> None:
    await talk(anna, ("echo: one",))
    await open_first(anna)
    await anna.press("✏️ Rename")
    assert "Now: echo: one" in anna.window["text"]

    await anna.say("  Numbers \n and <more>  ")

    assert anna.window["text"].startswith("Numbers and <more>\n")
    await anna.say("/history")
    assert conversation_labels(anna)[0].endswith(" · Numbers and <more>")


async def test_a_title_too_long_is_refused_and_waited_for_again(anna: Person) -> None:
    await talk(anna, ("echo: one",))
    await open_first(anna)
    await anna.press("✏️ Rename")

    await anna.say("x" * 61)

    assert "It needs between 1 and 60 characters." in anna.window["text"]
    await anna.say("x" * 60)
    assert anna.window["text"].startswith("x" * 60)


async def test_back_keeps_the_title(language_models: LanguageModelEmulator, anna: Person) -> None:
    await talk(anna, ("echo: one",))
    await open_first(anna)
    await anna.press("✏️ Rename")

    await anna.press("← Back")

    assert anna.window["text"].startswith("echo: one\n")
    assert (await anna.ask("echo: a question again"))["text"] == "a question again"


async def test_a_window_that_waits_for_a_text_takes_no_other_message(
    stage: Stage, anna: Person
) -> None:
    await talk(anna, ("echo: one",))
    await open_first(anna)
    await anna.press("✏️ Rename")

    stage.emulator.upload(anna.id, kind="photo", filename="a.jpg", content=b"x")
    await stage.settle()
    assert anna.window["text"].startswith("I can't see pictures yet.")
    await anna.say("Numbers")

    assert anna.window["text"].startswith("Numbers\n")


async def test_a_command_leaves_a_window_that_waits_for_a_text(anna: Person) -> None:
    await talk(anna, ("echo: one",))
    await open_first(anna)
    await anna.press("✏️ Rename")
    await anna.say("/menu")

    assert (await anna.ask("echo: two"))["text"] == "two"


async def test_a_conversation_is_exported_whole(stage: Stage, anna: Person) -> None:
    await talk(anna, ("echo: **one**", "Write 2000 words"))
    await open_first(anna)

    await anna.press("📄 Export")

    *_, document, window = anna.messages
    assert window["text"].startswith("echo: **one**\n")
    assert document["media"]["file_name"].endswith(".md")
    text = stage.emulator.world.files.get(document["media"]["file_id"]).content.decode()
    assert text.startswith("# echo: **one**\n")
    assert "YandexGPT Lite" in text
    assert text.count("**You**, ") == 2
    assert text.count("**Okno**, ") == 2
    assert len(text.split()) > 1200


async def test_a_conversation_is_deleted_after_a_confirmation(stage: Stage, anna: Person) -> None:
    await talk(anna, ("echo: one",), ("echo: two",))
    await open_first(anna)
    await anna.press("🗑 Delete")
    assert "Delete this conversation?" in anna.window["text"]
    await anna.press("← Back")
    await anna.press("🗑 Delete")

    popup = await anna.press("🗑 Delete")

    assert popup is not None
    assert popup.text == "The conversation is deleted."
    assert len(conversation_labels(anna)) == 1
    assert await stage.scalar("SELECT count(*) FROM conversations") == 1


async def test_the_conversation_at_hand_can_be_deleted_too(anna: Person) -> None:
    await anna.ask("echo: one")
    await open_first(anna)
    await anna.press("🗑 Delete")
    await anna.press("🗑 Delete")

    await anna.press("💬 Chat")

    assert anna.window["text"].startswith("What shall it be")


@pytest.mark.parametrize("label", ["💬 Continue", "📄 Export", "✏️ Rename", "🗑 Delete"])
async def test_a_conversation_deleted_meanwhile_is_told_kindly(
    stage: Stage, anna: Person, label: str
) -> None:
    await talk(anna, ("echo: one",))
    await open_first(anna)
    await stage.execute("TRUNCATE conversations CASCADE")

    popup = await anna.press(label)

    told = (popup.text if popup is not None else None) or anna.window["text"]
    assert told == "This conversation is no longer there."
    if "🗑 Delete" in anna.labels:
        return
    await anna.press("← Back")
    await anna.press("← Back")
    assert "There is nothing here yet." in anna.window["text"]


async def test_a_title_for_a_conversation_deleted_meanwhile_is_told_kindly(
    stage: Stage, anna: Person
) -> None:
    await talk(anna, ("echo: one",))
    await open_first(anna)
    await anna.press("✏️ Rename")
    await stage.execute("TRUNCATE conversations CASCADE")

    await anna.say("Numbers")

    assert anna.window["text"] == "This conversation is no longer there."


async def test_the_search_finds_other_forms_of_a_word_and_leads_to_its_exchange(
    anna: Person,
) -> None:
    await talk(
        anna, ("echo: green apples", "echo: nothing", "echo: blue"), ("echo: красные яблоки",)
    )
    await anna.say("/history")
    await anna.press("🔎 Search")

    window = await anna.say("apple")

    assert window["text"].startswith("2 messages found\napple")
    assert "echo: green apples" in window["text"]
    assert anna.labels == ["1", "2", "← Back", "🔎 Search again"]
    await anna.press("2")
    assert anna.window["text"].endswith("1 of 3\n\necho: green apples\n\ngreen apples")
    await anna.press("← Back")
    assert anna.window["text"].startswith("2 messages found")
    await anna.press("🔎 Search again")
    assert (await anna.say("яблоко"))["text"].startswith("2 messages found")


async def test_a_search_in_vain_says_so(anna: Person) -> None:
    await talk(anna, ("echo: one",))
    await anna.say("/history")
    await anna.press("🔎 Search")

    window = await anna.say("<nothing> & 'none' | (")

    assert "There is nothing like “<nothing> & 'none' | (” in your conversations." in window["text"]
    await anna.press("🔎 Search again")
    await anna.press("← Back")
    assert "One conversation" in anna.window["text"]


async def test_many_results_are_paged(anna: Person) -> None:
    await talk(anna, tuple(f"echo: apple {number}" for number in range(4)))
    await anna.say("/history")
    await anna.press("🔎 Search")
    await anna.say("apple")
    assert "page 1 of 2" in anna.window["text"]
    assert anna.labels[:6] == ["1", "2", "3", "4", "5", "Older ›"]

    await anna.press("Older ›")

    assert "page 2 of 2" in anna.window["text"]
    assert anna.labels[:3] == ["6", "7", "8"]
    await anna.press("8")
    assert "1 of 4" in anna.window["text"]


async def test_nobody_reads_the_conversations_of_others(stage: Stage, anna: Person) -> None:
    await talk(anna, ("echo: one",))
    boris = stage.person("Boris")
    await boris.register()

    assert "There is nothing here yet." in (await boris.say("/history"))["text"]
