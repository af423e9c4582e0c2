"""Pressed buttons and their answers."""

from collections.abc import Callable
from typing import Any

import pytest
from aiogram.types import Update

from sandbox.telegram import CallbackAnswer, Emulator, SimError
from sandbox.telegram.core.callbacks import MAX_QUERIES
from sandbox.telegram.core.people import User
from tests.sandbox.telegram.clock import FakeClock

Call = Callable[..., Any]
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
BUTTONS = [
    {"text": "Menu", "callback_data": "menu:1"},
    {"text": "Site", "url": "https://example.org"},
    {"text": "Later", "callback_data": "later", "disabled": {}},
]


@pytest.fixture(autouse=True)
def menu(result: Call, anna: User) -> None:
    result(
        "sendMessage",
        chat_id=anna.id,
        text="Choose",
        reply_markup={"inline_keyboard": [BUTTONS]},
    )


def test_a_click_is_an_update_with_the_whole_message(
    emulator: Emulator, expect_official: Call, anna: User
) -> None:
    query_id = emulator.click(anna.id, 1, text="Menu")
    [update] = emulator.take_updates()
    query = update["callback_query"]
    assert query["id"] == query_id
    assert query["data"] == "menu:1"
    assert query["from"]["language_code"] == "en"
    assert query["message"]["text"] == "Choose"
    assert query["message"]["reply_markup"] == {"inline_keyboard": [BUTTONS]}
    assert query["chat_instance"]
    expect_official(Update, update)


def test_a_button_is_found_by_its_data_as_well(emulator: Emulator, anna: User) -> None:
    emulator.click(anna.id, 1, data="menu:1")
    assert emulator.take_updates()[0]["callback_query"]["data"] == "menu:1"


@pytest.mark.parametrize(
    ("message_id", "button", "status", "detail"),
    [
        (1, {"text": "Nope"}, 404, "there is no button 'Nope'; the message has 'Menu', 'Site'"),
        (1, {"text": "Site"}, 409, "does not call the bot"),
        (1, {"text": "Later"}, 409, "is disabled"),
        (9, {"text": "Menu"}, 404, "there is no message 9"),
        (1, {}, 400, "name the button"),
        (1, {"text": "Menu", "data": "menu:1"}, 400, "name the button"),
    ],
)
def test_what_can_not_be_pressed(
    emulator: Emulator, anna: User, message_id: int, button: Any, status: int, detail: str
) -> None:
    with pytest.raises(SimError) as caught:
        emulator.click(anna.id, message_id, **button)
    assert caught.value.status == status
    assert detail in caught.value.detail
    assert emulator.take_updates() == []


def test_an_answer_is_what_the_user_sees(emulator: Emulator, result: Call, anna: User) -> None:
    query_id = emulator.click(anna.id, 1, text="Menu")
    assert emulator.callback_answer(query_id) is None
    assert emulator.unanswered() == [query_id]
    answer = {"callback_query_id": query_id, "text": "Done", "show_alert": True}
    assert result("answerCallbackQuery", **answer) is True
    assert emulator.callback_answer(query_id) == CallbackAnswer("Done", show_alert=True)
    assert emulator.unanswered() == []


def test_the_user_sees_the_first_of_two_answers(
    emulator: Emulator, result: Call, anna: User
) -> None:
    query_id = emulator.click(anna.id, 1, text="Menu")
    result("answerCallbackQuery", callback_query_id=query_id, text="First")
    result("answerCallbackQuery", callback_query_id=query_id, text="Second")
    assert emulator.callback_answer(query_id) == CallbackAnswer("First")


def test_a_second_answer_can_be_refused() -> None:
    emulator = Emulator(refuse_second_answer=True)
    user = emulator.create_user("Anna")
    markup = {"inline_keyboard": [BUTTONS]}
    emulator.call("sendMessage", {"chat_id": user.id, "text": "?", "reply_markup": markup})
    fields = {"callback_query_id": emulator.click(user.id, 1, text="Menu")}
    assert emulator.call("answerCallbackQuery", fields)[0] == 200
    assert emulator.call("answerCallbackQuery", fields)[1]["description"].endswith(TOO_OLD)


def test_an_unknown_or_old_query_is_refused(
    emulator: Emulator, clock: FakeClock, refused: Call, anna: User
) -> None:
    query_id = emulator.click(anna.id, 1, text="Menu")
    clock.advance(901)
    assert refused("answerCallbackQuery", callback_query_id=query_id) == TOO_OLD
    assert refused("answerCallbackQuery", callback_query_id="77") == TOO_OLD
    assert refused("answerCallbackQuery") == TOO_OLD


def test_an_answer_that_is_too_long_is_refused(
    emulator: Emulator, refused: Call, anna: User
) -> None:
    query_id = emulator.click(anna.id, 1, text="Menu")
    answer = refused("answerCallbackQuery", callback_query_id=query_id, text="x" * 201)
    assert answer == "MESSAGE_TOO_LONG"


def test_in_a_group_anyone_can_press(emulator: Emulator, result: Call, anna: User) -> None:
    boris = emulator.create_user("Boris")
    group = emulator.create_group("Team", [anna.id, boris.id])
    markup = {"inline_keyboard": [BUTTONS]}
    result("sendMessage", chat_id=group.id, text="?", reply_markup=markup)
    emulator.click(group.id, 1, text="Menu", user_id=boris.id)
    assert emulator.take_updates()[0]["callback_query"]["from"]["id"] == boris.id


def test_only_the_newest_queries_are_remembered(emulator: Emulator, anna: User) -> None:
    first = emulator.click(anna.id, 1, text="Menu")
    for _ in range(MAX_QUERIES):
        emulator.world.callbacks.ask(anna.id)
    assert len(emulator.unanswered()) == MAX_QUERIES
    assert first not in emulator.unanswered()
