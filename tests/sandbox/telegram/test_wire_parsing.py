"""Raw fields of every origin, and the words for those that can't be read."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from aiogram.methods import SendMessage, SendPhoto
from aiogram.types import (
    BufferedInputFile,
    ForceReply,
    InlineKeyboardMarkup,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from sandbox.telegram import Emulator
from sandbox.telegram.core.people import User
from sandbox.telegram.errors import ApiError
from sandbox.telegram.shapes import Upload
from sandbox.telegram.wire.body import parse_body
from sandbox.telegram.wire.parse import parse_call
from sandbox.telegram.wire.registry import find_method

Refused = Callable[..., str]


def parsed_markup(markup: Any) -> Any:
    fields = {"chat_id": "5", "text": "Hi", "reply_markup": json.dumps(markup)}
    call = parse_call(SendMessage, fields, {}).method
    return call.reply_markup


def test_digits_are_an_id_and_a_name_stays_a_name() -> None:
    by_id = parse_call(SendMessage, {"chat_id": "-1001", "text": "5"}, {}).method
    by_name = parse_call(SendMessage, {"chat_id": "@team", "text": "5"}, {}).method
    assert (by_id.chat_id, by_id.text) == (-1001, "5")
    assert by_name.chat_id == "@team"


def test_the_values_of_a_json_body_have_their_types_already() -> None:
    fields = {
        "chat_id": 5,
        "text": 17,
        "disable_notification": False,
        "reply_markup": {"force_reply": True},
        "entities": [{"type": "bold", "offset": 0, "length": 2}],
        "message_effect_id": None,
    }
    call = parse_call(SendMessage, fields, {}).method
    assert call.text == "17"
    assert call.disable_notification is False
    assert isinstance(call.reply_markup, ForceReply)
    assert [entity.type for entity in call.entities or []] == ["bold"]
    assert call.message_effect_id is None


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ({"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}, InlineKeyboardMarkup),
        ({"keyboard": [["A", {"text": "B"}]]}, ReplyKeyboardMarkup),
        ({"remove_keyboard": True}, ReplyKeyboardRemove),
        ({"force_reply": True}, ForceReply),
        ({"inline_keyboard": []}, type(None)),
        ({}, type(None)),
    ],
)
def test_the_key_tells_which_markup_is_meant(markup: Any, expected: type) -> None:
    assert isinstance(parsed_markup(markup), expected)


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        (
            {"inline_keyboard": [[{"callback_data": "a"}]]},
            "can't parse inline keyboard button: Can't find field \"text\"",
        ),
        (
            {"inline_keyboard": [None]},
            'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
        ),
        ({"inline_keyboard": 5}, 'field "inline_keyboard" of the InlineKeyboardMarkup must be an'),
        ({"inline_keyboard": [["A"]]}, "InlineKeyboardButton must be an Object"),
        ({"keyboard": [[{"text": 5}]]}, 'Field "text" must be of type String'),
        ([], "object expected as reply markup"),
    ],
)
def test_a_broken_markup_is_refused(refused: Refused, markup: Any, words: str) -> None:
    answer = refused("sendMessage", chat_id=5, text="Hi", reply_markup=json.dumps(markup))
    assert words in answer


def test_markup_that_is_no_json_is_refused(refused: Refused) -> None:
    answer = refused("sendMessage", chat_id=5, text="Hi", reply_markup="{")
    assert answer == "can't parse reply keyboard markup JSON object"


def test_an_edit_takes_inline_keyboards_only(refused: Refused) -> None:
    answer = refused(
        "editMessageText", chat_id=5, message_id=1, text="Hi", reply_markup={"keyboard": [["A"]]}
    )
    assert answer == "inline keyboard expected"


@pytest.mark.parametrize(
    ("method", "fields", "words"),
    [
        ("sendMessage", {"text": "Hi"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": "", "text": "Hi"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": 5}, "message text is empty"),
        ("sendMessage", {"chat_id": 5, "text": ""}, "message text is empty"),
        ("sendPhoto", {"chat_id": 5}, "there is no photo in the request"),
        ("getFile", {}, "file_id not specified"),
        ("deleteMessage", {"chat_id": 5}, "message identifier is not specified"),
        ("deleteMessages", {"chat_id": 5}, "message identifiers are not specified"),
        ("getChatMember", {"chat_id": 5}, "invalid user_id specified"),
        ("sendChatAction", {"chat_id": 5}, "wrong parameter action in request"),
        ("sendDice", {}, "chat_id is empty"),
        ("setStickerSetTitle", {"name": "x"}, 'parameter "title" is required'),
    ],
)
def test_what_is_missing_is_told_in_telegrams_words(
    refused: Refused, method: str, fields: dict[str, Any], words: str
) -> None:
    assert refused(method, **fields) == words


def test_a_value_of_the_wrong_type_is_refused(refused: Refused) -> None:
    assert 'can\'t parse "message_id"' in refused("deleteMessage", chat_id=5, message_id="five")


def test_method_names_are_found_in_any_case_and_others_not() -> None:
    assert find_method("SENDmessage") is SendMessage
    with pytest.raises(ApiError) as caught:
        find_method("sendMessages")
    assert caught.value.status == 404
    assert caught.value.description == "Not Found: method not found"


def test_a_file_may_come_under_its_own_name_or_be_referred_to() -> None:
    upload = Upload("cat.png", b"cat")
    under_name = parse_call(SendPhoto, {"chat_id": "5"}, {"photo": upload}).method
    referred = parse_call(SendPhoto, {"chat_id": "5", "photo": "attach://x"}, {"x": upload}).method
    by_id = parse_call(SendPhoto, {"chat_id": "5", "photo": "photo-1"}, {}).method
    for call in (under_name, referred):
        assert isinstance(call.photo, BufferedInputFile)
        assert (call.photo.filename, call.photo.data) == ("cat.png", b"cat")
    assert by_id.photo == "photo-1"


def test_unknown_fields_are_ignored_and_noted(emulator: Emulator, anna: User) -> None:
    keyboard = {"inline_keyboard": [[{"text": "A", "callback_data": "a", "color": "red"}]]}
    fields = {"chat_id": anna.id, "text": "Hi", "parsemode": "HTML", "reply_markup": keyboard}
    status, _ = emulator.call("sendMessage", fields)
    [call] = emulator.calls()
    assert status == 200
    assert call.unknown == ["parsemode", "reply_markup.inline_keyboard[0][0].color"]


@pytest.mark.parametrize(
    ("content_type", "body", "words"),
    [
        ("application/json", b"{", "can't parse request body as JSON"),
        ("application/json", b"[1]", "request body must be a JSON object"),
        ("application/x-www-form-urlencoded", b"\xff", "strings must be encoded in UTF-8"),
        ("multipart/form-data", b"x", "can't parse multipart request body"),
        ("multipart/form-data; boundary=x", b"nonsense", "can't parse multipart request body"),
    ],
)
async def test_a_body_that_is_not_what_its_type_says_is_refused(
    content_type: str, body: bytes, words: str
) -> None:
    with pytest.raises(ApiError, match=words):
        await parse_body(content_type, body)


async def test_blank_values_of_a_form_are_kept() -> None:
    assert await parse_body("application/x-www-form-urlencoded", b"a=&b=%C3%A9") == (
        {"a": "", "b": "é"},
        {},
    )
