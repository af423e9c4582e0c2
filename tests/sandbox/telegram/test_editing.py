"""Edits and deletions of messages."""

from collections.abc import Callable
from typing import Any

import pytest
from aiogram.types import Message

from sandbox.telegram import Emulator
from sandbox.telegram.core.people import User
from tests.sandbox.telegram.clock import FakeClock

Call = Callable[..., Any]
KEYBOARD = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


@pytest.fixture
def sent(result: Call, anna: User) -> dict[str, Any]:
    """A message of the bot, with a keyboard."""
    message: dict[str, Any] = result(
        "sendMessage",
        chat_id=anna.id,
        text="<b>Hi</b>",
        parse_mode="HTML",
        reply_markup=KEYBOARD,
    )
    return message


def test_an_edit_replaces_the_text_and_takes_the_keyboard_away(
    clock: FakeClock, result: Call, expect_official: Call, sent: dict[str, Any], anna: User
) -> None:
    clock.advance(7)
    edited = result("editMessageText", chat_id=anna.id, message_id=1, text="Bye")
    assert edited["text"] == "Bye"
    assert "entities" not in edited
    assert "reply_markup" not in edited
    assert edited["date"] == sent["date"]
    assert edited["edit_date"] == sent["date"] + 7
    expect_official(Message, edited)


@pytest.mark.parametrize(
    "same",
    [
        {"text": "<b>Hi</b>", "parse_mode": "HTML"},
        {"text": "*Hi*", "parse_mode": "MarkdownV2"},
        {"text": " Hi ", "entities": [{"type": "bold", "offset": 1, "length": 2}]},
    ],
)
@pytest.mark.usefixtures("sent")
def test_an_edit_that_changes_nothing_is_refused_whatever_its_markup(
    refused: Call, anna: User, same: dict[str, Any]
) -> None:
    answer = refused(
        "editMessageText", chat_id=anna.id, message_id=1, reply_markup=KEYBOARD, **same
    )
    assert answer == NOT_MODIFIED


@pytest.mark.usefixtures("sent")
def test_other_entities_or_another_keyboard_are_a_change(result: Call, anna: User) -> None:
    edit = {"chat_id": anna.id, "message_id": 1, "text": "Hi"}
    assert "entities" not in result("editMessageText", **edit, reply_markup=KEYBOARD)
    assert "reply_markup" not in result("editMessageText", **edit)


@pytest.mark.usefixtures("sent")
def test_the_keyboard_alone_can_be_changed(result: Call, refused: Call, anna: User) -> None:
    edit = {"chat_id": anna.id, "message_id": 1}
    assert refused("editMessageReplyMarkup", **edit, reply_markup=KEYBOARD) == NOT_MODIFIED
    edited = result("editMessageReplyMarkup", **edit)
    assert edited["text"] == "Hi"
    assert "reply_markup" not in edited
    assert refused("editMessageReplyMarkup", **edit) == NOT_MODIFIED


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"message_id": 99}, "message to edit not found"),
        ({"message_id": 0}, "message to edit not found"),
        ({"message_id": 2}, "message can't be edited"),
        ({"message_id": 3}, "message can't be edited"),
        ({"message_id": 1, "text": " "}, "text must be non-empty"),
        ({"message_id": 1, "text": "x" * 4097}, "message is too long"),
        ({"message_id": 1, "chat_id": 5}, "chat not found"),
        ({"message_id": 1, "chat_id": ""}, "chat_id is empty"),
        ({"message_id": "", "chat_id": ""}, "message identifier is not specified"),
        ({"chat_id": "", "inline_message_id": "x"}, "MESSAGE_ID_INVALID"),
    ],
)
@pytest.mark.usefixtures("sent")
def test_what_can_not_be_edited(
    emulator: Emulator, result: Call, refused: Call, anna: User, fields: Any, words: str
) -> None:
    emulator.say(anna.id, "mine")
    result("sendMessage", chat_id=anna.id, text="?", reply_markup={"keyboard": [["Yes"]]})
    edit = {"chat_id": anna.id, "text": "Bye"} | fields
    assert refused("editMessageText", **edit) == words


@pytest.mark.usefixtures("sent")
def test_a_text_has_no_caption_to_edit(refused: Call, anna: User) -> None:
    answer = refused("editMessageCaption", chat_id=anna.id, message_id=1, caption="x")
    assert answer == "there is no caption in the message to edit"


@pytest.mark.usefixtures("sent")
def test_an_update_keeps_the_message_as_it_was(
    emulator: Emulator, result: Call, anna: User
) -> None:
    emulator.click(anna.id, 1, text="A")
    result("editMessageText", chat_id=anna.id, message_id=1, text="Bye")
    [update] = emulator.take_updates()
    assert update["callback_query"]["message"]["text"] == "Hi"


@pytest.mark.usefixtures("sent")
def test_a_message_is_deleted_once(
    emulator: Emulator, result: Call, refused: Call, anna: User
) -> None:
    assert result("deleteMessage", chat_id=anna.id, message_id=1) is True
    assert emulator.transcript(anna.id)["messages"] == []
    answer = refused("deleteMessage", chat_id=anna.id, message_id=1)
    assert answer == "message to delete not found"


def test_a_users_message_can_be_deleted_in_a_private_chat_only(
    emulator: Emulator, result: Call, refused: Call, anna: User
) -> None:
    group = emulator.create_group("Team", [anna.id])
    for chat_id in (anna.id, group.id):
        emulator.say(chat_id, "Hi")
    assert result("deleteMessage", chat_id=anna.id, message_id=1) is True
    answer = refused("deleteMessage", chat_id=group.id, message_id=1)
    assert answer == "message can't be deleted"


@pytest.mark.usefixtures("sent")
def test_an_old_message_can_not_be_deleted(clock: FakeClock, refused: Call, anna: User) -> None:
    clock.advance(48 * 3600 + 1)
    answer = refused("deleteMessage", chat_id=anna.id, message_id=1)
    assert answer == "message can't be deleted"


def test_many_are_deleted_at_once_and_missing_ones_are_skipped(
    emulator: Emulator, result: Call, refused: Call, anna: User
) -> None:
    for _ in range(4):
        emulator.say(anna.id, "Hi")
    assert result("deleteMessages", chat_id=anna.id, message_ids=[1, 3, 99, 3]) is True
    assert [message["id"] for message in emulator.transcript(anna.id)["messages"]] == [2, 4]
    assert "too many" in refused("deleteMessages", chat_id=anna.id, message_ids=[*range(101)])
    assert "not specified" in refused("deleteMessages", chat_id=anna.id, message_ids=[])
