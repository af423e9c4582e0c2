"""An answer from its first word to its last message, as its user sees it in Telegram."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dialogs.kit.markdown import render
from sandbox.llm import Fault, FaultKind, LanguageModelEmulator
from sandbox.telegram import Fault as TelegramFault
from sandbox.telegram import FaultKind as TelegramFaultKind
from sandbox.telegram.core.calls import Call
from tests.support.metrics import value_of
from tests.support.person import Person, labels_of
from tests.support.stage import Stage
from tests.support.talk import with_model
from tests.support.timing import NO_WAITING
from tests.support.wait import until
from tgbot.metrics import ANSWER_FRAMES, FIRST_TEXT_SECONDS

NEVER = 3600.0
LONG = "Tell me a story in 300 words"


class Show(Person):
    """A user who watches an answer grow."""

    @property
    def draft(self) -> dict[str, Any] | None:
        found: dict[str, Any] | None = self.stage.emulator.transcript(self.id)["draft"]
        return found

    @property
    def shown(self) -> str:
        """The text of the draft; empty while the bot thinks, or without a draft."""
        return self.draft["text"] if self.draft else ""

    @property
    def newest_part(self) -> int:
        """The emulated model numbers the parts of a long answer."""
        return max(map(int, re.findall(r"Part (\d+)", self.shown)), default=0)

    @property
    def drafts(self) -> list[Call]:
        return self.stage.emulator.calls("sendMessageDraft")

    @property
    def said(self) -> str:
        """All messages of the bot since the last question, joined."""
        messages = self.messages
        last = max(n for n, message in enumerate(messages) if message["author"] == "user")
        return "\n".join(message["text"] for message in messages[last + 1 :])


@pytest.fixture
async def anna(stage: Stage) -> Show:
    person = Show(stage, stage.person("Anna").id)
    await person.register()
    stage.emulator.clear_calls()
    return person


@pytest.fixture
def models(language_models: LanguageModelEmulator) -> Iterator[LanguageModelEmulator]:
    """The emulated models; all are released after the test."""
    yield language_models
    language_models.reset()


async def halt(models: LanguageModelEmulator, anna: Show, question: str = LONG) -> None:
    """Ask, and come back when the model has stopped in the middle of its answer."""
    models.add_fault(Fault(FaultKind.STALL_INSIDE, seconds=60, after=3))
    await anna.say(question)
    await until(lambda: models.stalled == 1, "the model to stall")


async def stored_answer(stage: Stage) -> str:
    newest = "SELECT text FROM messages WHERE role = 'assistant' ORDER BY id DESC LIMIT 1"
    return str(await stage.scalar(newest))


async def with_rhythm(stage: Stage, **seconds: float) -> None:
    stage.rhythm = replace(NO_WAITING, **seconds)  # type: ignore[arg-type] # all but the pauses
    await stage.restart()


async def test_the_answer_grows_in_one_draft_and_ends_as_the_window(
    stage: Stage, models: LanguageModelEmulator, anna: Show
) -> None:
    await halt(models, anna)
    await until(lambda: anna.shown != "", "a text in the draft")
    beginning = anna.shown

    models.release()
    await stage.answered()

    assert anna.draft is None
    assert anna.window["text"] == _plain(await stored_answer(stage))
    assert anna.window["text"].startswith(beginning)
    assert "🧠 Model" in anna.labels
    texts = [draft.params.get("text", "") for draft in anna.drafts]
    assert all(anna.window["text"].startswith(text) for text in texts)
    assert [len(text) for text in texts] == sorted(len(text) for text in texts)
    assert len({draft.params["draft_id"] for draft in anna.drafts}) == 1
    assert all(draft.params["can_stop"] for draft in anna.drafts)


async def test_thinking_and_typing_are_shown_before_the_first_word(
    stage: Stage, models: LanguageModelEmulator, anna: Show
) -> None:
    models.add_fault(Fault(FaultKind.STALL_BEFORE, seconds=60))
    await anna.say("echo: done")
    await until(lambda: stage.emulator.transcript(anna.id)["action"] == "typing")

    assert anna.draft is not None
    assert anna.shown == ""
    models.release()
    await stage.answered()
    assert anna.window["text"] == "done"
    assert stage.emulator.transcript(anna.id)["action"] is None


async def test_frames_keep_their_distance(
    stage: Stage, models: LanguageModelEmulator, anna: Show
) -> None:
    await with_rhythm(stage, opening=NEVER, draft=NEVER)

    await halt(models, anna)
    await until(lambda: anna.shown != "")
    models.release()
    await stage.answered()

    assert len(anna.drafts) == 1


async def test_frames_and_the_first_text_are_measured(
    stage: Stage, models: LanguageModelEmulator, anna: Show
) -> None:
    frames = value_of(ANSWER_FRAMES.labels("draft", "sent"))
    seconds = value_of(FIRST_TEXT_SECONDS)

    await halt(models, anna)
    await until(lambda: anna.shown != "")
    models.release()
    await stage.answered()

    assert value_of(ANSWER_FRAMES.labels("draft", "sent")) == frames + len(anna.drafts)
    assert value_of(FIRST_TEXT_SECONDS) > seconds


async def test_formatting_is_shown_while_it_grows(
    stage: Stage, models: LanguageModelEmulator, anna: Show
) -> None:
    await halt(models, anna, "echo: **bold** " + "and then very many words " * 20)
    await until(lambda: anna.shown.startswith("bold and"))

    assert anna.draft is not None
    assert [entity["type"] for entity in anna.draft["entities"]] == ["bold"]
    models.release()


async def test_a_long_answer_shows_its_end(
    stage: Stage, models: LanguageModelEmulator, anna: Show
) -> None:
    models.add_fault(Fault(FaultKind.STALL_INSIDE, seconds=60, after=10_000))
    await anna.say("Tell me a story in 12 000 characters")
    await until(lambda: models.stalled == 1)

    await until(lambda: anna.newest_part > 20)

    assert len(anna.shown) > 3000
    assert "Part 1." not in anna.shown
    models.release()
    await stage.answered()


async def test_stop_under_the_draft_leaves_what_is_written(
    stage: Stage, models: LanguageModelEmulator, anna: Show
) -> None:
    await halt(models, anna)
    await until(lambda: anna.shown != "")
    beginning = anna.shown

    stage.emulator.stop(anna.id)
    await stage.settle()
    await stage.answered()

    assert anna.window["text"] == _plain(await stored_answer(stage))
    assert anna.window["text"].startswith(beginning)
    assert "▶️ Continue" in anna.labels


@pytest.mark.parametrize(
    ("code", "reason"),
    [(400, "Bad Request: TEXTDRAFT_PEER_INVALID"), (404, "Not Found: method not found")],
)
async def test_where_drafts_are_refused_a_message_is_edited(
    stage: Stage, models: LanguageModelEmulator, anna: Show, code: int, reason: str
) -> None:
    stage.expect_refusals(code)
    refused = TelegramFault("sendMessageDraft", code=code, description=reason, times=99)
    stage.emulator.add_fault(refused)

    models.add_fault(Fault(FaultKind.SLOW, seconds=0.01))
    await anna.ask(LONG)

    frames = stage.emulator.calls("editMessageText")
    assert len(anna.drafts) == 1
    assert frames
    assert {label for frame in frames for label in _labels(frame)} == {"⏹ Stop"}
    assert anna.said == _plain(await stored_answer(stage))
    assert "🧠 Model" in anna.labels


async def test_stop_under_an_edited_message(
    stage: Stage, models: LanguageModelEmulator, anna: Show
) -> None:
    stage.expect_refusals(400)
    stage.emulator.add_fault(TelegramFault("sendMessageDraft", code=400, times=99))
    await halt(models, anna)
    await until(lambda: labels_of(anna.window) == ["⏹ Stop"])
    beginning = anna.window["text"]

    popup = await anna.press("⏹ Stop")
    await stage.answered()

    assert popup is not None
    assert popup.text == "Stopping."
    assert anna.said == _plain(await stored_answer(stage))
    assert anna.said.startswith(beginning)
    assert len(anna.said) < 500


@pytest.mark.parametrize(
    "fault",
    [
        TelegramFault("sendMessageDraft", retry_after=60),
        TelegramFault("sendMessageDraft", code=500),
        TelegramFault("sendMessageDraft", kind=TelegramFaultKind.NOT_JSON),
        TelegramFault("sendMessageDraft", kind=TelegramFaultKind.DROP),
    ],
    ids=lambda fault: str(fault.retry_after or fault.kind),
)
async def test_a_lost_frame_is_no_loss(
    stage: Stage, models: LanguageModelEmulator, anna: Show, fault: TelegramFault
) -> None:
    stage.expect_refusals(429, 500)
    await with_rhythm(stage, opening=NEVER)
    stage.emulator.add_fault(fault)
    dropped = ANSWER_FRAMES.labels("draft", "dropped")

    lost = value_of(dropped)
    await halt(models, anna)
    await until(lambda: value_of(dropped) > lost)
    models.release()
    await stage.answered()

    assert not stage.emulator.calls("editMessageText")
    assert anna.said == _plain(await stored_answer(stage))


@pytest.mark.parametrize(
    "fault",
    [
        TelegramFault("sendMessage", retry_after=1),
        TelegramFault("sendMessage", code=502, times=4),
        TelegramFault("sendMessage", kind=TelegramFaultKind.NOT_JSON),
    ],
    ids=lambda fault: str(fault.retry_after or fault.kind),
)
async def test_the_end_arrives_for_all_that(stage: Stage, anna: Show, fault: TelegramFault) -> None:
    stage.expect_refusals(429, 502, 500)
    stage.emulator.add_fault(fault)

    await anna.ask("Tell me a story in 9 000 characters")

    assert anna.said == _plain(await stored_answer(stage))
    assert "🧠 Model" in anna.labels


@pytest.mark.parametrize("characters", [1, 4095, 4096, 4097, 30_000])
@pytest.mark.parametrize("question", ["in {} characters", "Ответь: {} символов"])
async def test_telegram_holds_what_the_model_said(
    stage: Stage, anna: Show, tmp_path: Path, characters: int, question: str
) -> None:
    stage.settings = with_model(
        stage.settings, tmp_path, context=40_000, answer=20_000, price="0.1"
    )
    await stage.restart()

    await anna.ask(question.format(characters))

    answer = await stored_answer(stage)
    assert len(answer) == characters
    assert _letters(anna.said) == _letters(answer.replace("```python", ""))
    assert all(len(message["text"]) <= 4096 for message in anna.messages)
    assert sum(len(message["keyboard"]) > 0 for message in anna.messages) == 1


async def test_a_fence_across_the_limit_arrives_whole(stage: Stage, anna: Show) -> None:
    code = "\n".join(f"x{number} = '😀👨‍👩‍👧'" for number in range(60))

    await anna.ask(f"echo: {'слово ' * 450}\n```python\n{code}\n```\n**end**")

    codes = [
        message["text"]
        for message in anna.messages
        if any(entity["type"] == "pre" for entity in message.get("entities", []))
    ]
    assert codes
    assert code in codes[-1]
    assert anna.window["text"].endswith("end")


async def test_who_asks_on_while_the_parts_arrive_loses_nothing(stage: Stage, anna: Show) -> None:
    slow = TelegramFault("sendMessage", kind=TelegramFaultKind.SLOW, delay=0.5)
    stage.emulator.add_fault(slow)
    await anna.say("Tell me a story in 9 000 characters")
    await until(lambda: any("Part 1" in message["text"] for message in anna.messages))
    first = await stored_answer(stage)

    await anna.ask("echo: second")

    said = [message["text"] for message in anna.messages if message["author"] == "bot"]
    assert "second" in said
    assert _letters(first.replace("```python", "")) in _letters("".join(said).replace("second", ""))


async def test_who_blocks_the_bot_meanwhile_finds_the_answer_later(
    stage: Stage, models: LanguageModelEmulator, anna: Show
) -> None:
    stage.expect_refusals(403)
    await halt(models, anna)
    await until(lambda: anna.shown != "")
    stage.emulator.block(anna.id)
    models.release()
    await stage.settle()
    await stage.answered()

    stage.emulator.unblock(anna.id)
    await anna.say("/menu")
    await anna.press("💬 Chat")

    assert anna.window["text"] == _plain(await stored_answer(stage))


async def test_a_broken_answer_takes_its_draft_along(
    stage: Stage, models: LanguageModelEmulator, anna: Show
) -> None:
    models.add_fault(Fault(FaultKind.CUT_INSIDE, after=3))

    await anna.ask(LONG)

    assert anna.draft is None
    assert anna.window["text"].startswith("There is no answer")
    assert "🔁 Try again" in anna.labels


async def test_many_at_once_get_each_their_own(stage: Stage, models: LanguageModelEmulator) -> None:
    people = [Show(stage, stage.person(f"Number{number}").id) for number in range(12)]
    for person in people:
        await person.register()

    for person in people:
        stage.emulator.say(person.id, f"echo: for {person.id}")
    await stage.settle()
    await stage.answered()

    assert [person.window["text"] for person in people] == [f"for {one.id}" for one in people]


def _labels(call: Call) -> list[str]:
    keyboard = call.params["reply_markup"]["inline_keyboard"]
    return [button["text"] for row in keyboard for button in row]


def _plain(markdown: str) -> str:
    return "\n".join(part.text for part in render(markdown))


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)
