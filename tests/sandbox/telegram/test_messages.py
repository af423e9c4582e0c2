"""sendMessage, sendChatAction and what they leave in the chat."""

from collections.abc import Callable
from typing import Any

import pytest
from aiogram.types import Message

from sandbox.telegram import Emulator
from sandbox.telegram.core.history import MAX_MESSAGES
from sandbox.telegram.core.people import User
from tests.sandbox.telegram.clock import FakeClock

Call = Callable[..., Any]


def test_a_message_is_stored_and_returned_in_the_official_shape(
    result: Call, expect_official: Call, anna: User
) -> None:
    sent = result("sendMessage", chat_id=anna.id, text=" <b>Hi</b> there ", parse_mode="HTML")
    assert sent == {
        "message_id": 1,
        "from": {"id": 1, "is_bot": True, "first_name": "Okno", "username": "okno_demo_bot"},
        "chat": {"id": anna.id, "type": "private", "first_name": "Anna", "username": "anna"},
        "date": 1_763_700_000,
        "text": "Hi there",
        "entities": [{"type": "bold", "offset": 0, "length": 2}],
    }
    expect_official(Message, sent)


def test_message_ids_grow_in_each_chat(emulator: Emulator, result: Call, anna: User) -> None:
    boris = emulator.create_user("Boris")
    emulator.say(anna.id, "Hi")
    assert result("sendMessage", chat_id=anna.id, text="1")["message_id"] == 2
    assert result("sendMessage", chat_id=boris.id, text="1")["message_id"] == 1


@pytest.mark.parametrize(
    ("text", "mode", "words"),
    [
        ("  \n ", None, "text must be non-empty"),
        ("<b> </b>", "HTML", "text must be non-empty"),
        ("x" * 4097, None, "message is too long"),
        ("😀" * 2049, None, "message is too long"),
        ("<b>x", "HTML", "can't parse entities: "),
        ("x", "BBCode", "unsupported parse_mode"),
    ],
)
def test_a_text_that_can_not_be_sent_is_refused(
    refused: Call, anna: User, text: str, mode: str | None, words: str
) -> None:
    answer = refused("sendMessage", chat_id=anna.id, text=text, parse_mode=mode)
    assert answer.startswith(words)


def test_the_length_counts_after_parsing(result: Call, anna: User) -> None:
    text = f"<b>{'x' * 4096}</b>"
    assert len(result("sendMessage", chat_id=anna.id, text=text, parse_mode="HTML")["text"]) == 4096


@pytest.mark.parametrize("chat_id", [999, -1005, "@nobody"])
def test_an_unknown_chat_is_not_found(refused: Call, chat_id: Any) -> None:
    assert refused("sendMessage", chat_id=chat_id, text="Hi") == "chat not found"


def test_who_can_not_be_written_to(emulator: Emulator, anna: User) -> None:
    stranger = emulator.create_user("Stranger", has_started=False)
    gone = emulator.create_user("Gone")
    emulator.deactivate(gone.id)
    emulator.block(anna.id)
    assert {
        user.first_name: emulator.call("sendMessage", {"chat_id": user.id, "text": "Hi"})
        for user in (anna, stranger, gone)
    } == {
        "Anna": refusal_403("bot was blocked by the user"),
        "Stranger": refusal_403("bot can't initiate conversation with a user"),
        "Gone": refusal_403("user is deactivated"),
    }


def refusal_403(reason: str) -> tuple[int, dict[str, Any]]:
    return 403, {"ok": False, "error_code": 403, "description": f"Forbidden: {reason}"}


def test_a_stranger_can_be_written_to_once_they_have_written(
    emulator: Emulator, result: Call
) -> None:
    stranger = emulator.create_user("Stranger", has_started=False)
    emulator.say(stranger.id, "/start")
    assert result("sendMessage", chat_id=stranger.id, text="Hi")["message_id"] == 2


def test_a_reply_carries_the_message_that_it_answers(
    emulator: Emulator, result: Call, anna: User
) -> None:
    emulator.say(anna.id, "one two three")
    first = result(
        "sendMessage",
        chat_id=anna.id,
        text="2?",
        reply_parameters={"message_id": 1, "quote": "two"},
    )
    second = result("sendMessage", chat_id=anna.id, text="3", reply_to_message_id=2)
    assert first["reply_to_message"]["text"] == "one two three"
    assert first["quote"] == {"text": "two", "position": 4, "is_manual": True}
    assert "reply_to_message" not in second["reply_to_message"]


@pytest.mark.parametrize(
    "reply",
    [
        {"reply_parameters": {"message_id": 77}},
        {"reply_to_message_id": 77},
        {"reply_parameters": {"message_id": 1, "chat_id": -5}},
    ],
)
def test_a_reply_to_nothing_is_refused_unless_allowed(
    emulator: Emulator, refused: Call, result: Call, anna: User, reply: dict[str, Any]
) -> None:
    emulator.say(anna.id, "Hi")
    answer = refused("sendMessage", chat_id=anna.id, text="Hi", **reply)
    assert answer == "message to be replied not found"
    if "reply_parameters" in reply:
        reply["reply_parameters"]["allow_sending_without_reply"] = True
    else:
        reply["allow_sending_without_reply"] = True
    assert "reply_to_message" not in result("sendMessage", chat_id=anna.id, text="Hi", **reply)


def test_a_quote_that_is_not_in_the_message_is_refused(
    emulator: Emulator, refused: Call, anna: User
) -> None:
    emulator.say(anna.id, "Hi")
    reply = {"message_id": 1, "quote": "Bye"}
    answer = refused("sendMessage", chat_id=anna.id, text="Hi", reply_parameters=reply)
    assert answer == "QUOTE_TEXT_INVALID"


@pytest.mark.parametrize(
    ("button", "words"),
    [
        ({"text": "A", "callback_data": "x" * 65}, "BUTTON_DATA_INVALID"),
        ({"text": "A", "callback_data": "ы" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "A", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        (
            {"text": "A"},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        ({"text": " ", "callback_data": "a"}, "inline keyboard button text must be non-empty"),
        ({"text": "A", "copy_text": {"text": "x" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        (
            {"text": "A", "url": "no url"},
            "inline keyboard button URL 'no url' is invalid: Wrong HTTP URL",
        ),
        (
            {"text": "A", "web_app": {"url": "http://example.org"}},
            (
                "inline keyboard button Web App URL 'http://example.org' is invalid: "
                "Only HTTPS links are allowed"
            ),
        ),
    ],
)
def test_a_button_that_can_not_be_is_refused(
    refused: Call, anna: User, button: dict[str, Any], words: str
) -> None:
    markup = {"inline_keyboard": [[button]]}
    answer = refused("sendMessage", chat_id=anna.id, text="Hi", reply_markup=markup)
    assert answer == words


def test_sixty_four_bytes_of_data_and_a_local_web_app_are_fine(result: Call, anna: User) -> None:
    row = [
        {"text": "A", "callback_data": "ы" * 32},
        {"text": "B", "web_app": {"url": "http://127.0.0.1:8000/"}},
        {"text": "C", "disabled": {}},
    ]
    sent = result(
        "sendMessage", chat_id=anna.id, text="Hi", reply_markup={"inline_keyboard": [[], row]}
    )
    assert sent["reply_markup"] == {"inline_keyboard": [row]}


def test_too_many_buttons_are_refused(refused: Call, anna: User) -> None:
    rows = [[{"text": str(i), "callback_data": str(i)}] for i in range(101)]
    answer = refused(
        "sendMessage", chat_id=anna.id, text="Hi", reply_markup={"inline_keyboard": rows}
    )
    assert answer == "reply markup is too long"


def test_a_reply_keyboard_stays_until_it_is_removed(
    emulator: Emulator, result: Call, anna: User
) -> None:
    keyboard = {"keyboard": [["Yes", "No"]], "resize_keyboard": True}
    sent = result("sendMessage", chat_id=anna.id, text="?", reply_markup=keyboard)
    emulator.say(anna.id, "Yes")
    assert "reply_markup" not in sent
    assert emulator.transcript(anna.id)["reply_keyboard"] == {
        "rows": [[{"text": "Yes"}, {"text": "No"}]],
        "resize": True,
        "one_time": False,
        "placeholder": None,
    }
    result("sendMessage", chat_id=anna.id, text="!", reply_markup={"remove_keyboard": True})
    assert emulator.transcript(anna.id)["reply_keyboard"] is None


def test_a_one_time_keyboard_goes_when_it_is_used(
    emulator: Emulator, result: Call, anna: User
) -> None:
    keyboard = {"keyboard": [["Yes"]], "one_time_keyboard": True}
    result("sendMessage", chat_id=anna.id, text="?", reply_markup=keyboard)
    emulator.say(anna.id, "Yes")
    assert emulator.transcript(anna.id)["reply_keyboard"] is None


def test_options_of_a_message_are_kept(result: Call, expect_official: Call, anna: User) -> None:
    sent = result(
        "sendMessage",
        chat_id=anna.id,
        text="Hi",
        protect_content=True,
        message_effect_id="5",
        disable_web_page_preview=True,
    )
    assert sent["has_protected_content"] is True
    assert sent["effect_id"] == "5"
    assert sent["link_preview_options"] == {"is_disabled": True}
    expect_official(Message, sent)


def test_an_action_lasts_five_seconds(
    emulator: Emulator, clock: FakeClock, result: Call, anna: User
) -> None:
    assert result("sendChatAction", chat_id=anna.id, action="Typing") is True
    clock.advance(4.9)
    assert emulator.transcript(anna.id)["action"] == "typing"
    clock.advance(0.1)
    assert emulator.transcript(anna.id)["action"] is None


def test_an_action_ends_with_the_next_message(emulator: Emulator, result: Call, anna: User) -> None:
    result("sendChatAction", chat_id=anna.id, action="upload_photo")
    result("sendMessage", chat_id=anna.id, text="Hi")
    assert emulator.transcript(anna.id)["action"] is None


def test_an_unknown_action_is_refused(refused: Call, anna: User) -> None:
    answer = refused("sendChatAction", chat_id=anna.id, action="dancing")
    assert answer == "wrong parameter action in request"


def test_only_the_newest_messages_are_kept(emulator: Emulator, result: Call, anna: User) -> None:
    for _ in range(MAX_MESSAGES + 5):
        result("sendMessage", chat_id=anna.id, text="Hi")
    messages = emulator.transcript(anna.id)["messages"]
    assert len(messages) == MAX_MESSAGES
    assert messages[0]["id"] == 6


def test_a_mention_by_id_carries_the_user(result: Call, anna: User) -> None:
    link = f'<a href="tg://user?id={anna.id}">you</a>, <a href="tg://user?id=1">nobody</a>'

    message = result("sendMessage", chat_id=anna.id, text=link, parse_mode="HTML")

    (mention,) = message["entities"]
    assert mention["user"] == anna.wire()
    assert (mention["offset"], mention["length"]) == (0, 3)
