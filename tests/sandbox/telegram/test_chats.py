"""Chats, their members, pins, reactions, and what the emulator has no memory for."""

from collections.abc import Callable
from typing import Any

import pytest
from aiogram.types import ChatFullInfo, ChatMemberLeft, ChatMemberMember, ChatMemberOwner, Message
from aiogram.types import User as OfficialUser

from sandbox.telegram import Emulator, SimError
from sandbox.telegram.core.chats import MAX_USERS
from sandbox.telegram.core.people import User

Call = Callable[..., Any]


def test_get_me_is_the_bot_of_the_token(result: Call, expect_official: Call) -> None:
    me = result("getMe")
    assert (me["id"], me["is_bot"], me["username"]) == (1, True, "okno_demo_bot")
    expect_official(OfficialUser, me)


def test_get_chat_has_all_that_is_mandatory(
    emulator: Emulator, result: Call, expect_official: Call, anna: User
) -> None:
    emulator.say(anna.id, "Hi")
    result("pinChatMessage", chat_id=anna.id, message_id=1)
    chat = result("getChat", chat_id=anna.id)
    assert chat["active_usernames"] == ["anna"]
    assert chat["pinned_message"]["text"] == "Hi"
    expect_official(ChatFullInfo, chat)
    group = emulator.create_group("Team", [anna.id])
    expect_official(ChatFullInfo, result("getChat", chat_id=str(group.id)))


def test_members_of_a_private_chat(
    result: Call, refused: Call, expect_official: Call, anna: User
) -> None:
    member = result("getChatMember", chat_id=anna.id, user_id=anna.id)
    assert (member["status"], member["user"]["first_name"]) == ("member", "Anna")
    expect_official(ChatMemberMember, member)
    assert result("getChatMember", chat_id=anna.id, user_id=1)["user"]["is_bot"] is True
    assert refused("getChatMember", chat_id=anna.id, user_id=77) == "member not found"
    assert result("getChatMemberCount", chat_id=anna.id) == 2
    words = refused("getChatAdministrators", chat_id=anna.id)
    assert words == "there are no administrators in the private chat"


def test_members_of_a_group(
    emulator: Emulator, result: Call, expect_official: Call, anna: User
) -> None:
    boris, clara = emulator.create_user("Boris"), emulator.create_user("Clara")
    group = emulator.create_group("Team", [anna.id, boris.id])
    members = [
        result("getChatMember", chat_id=group.id, user_id=user.id) for user in (anna, boris, clara)
    ]
    assert [member["status"] for member in members] == ["creator", "member", "left"]
    for model, member in zip(
        (ChatMemberOwner, ChatMemberMember, ChatMemberLeft), members, strict=True
    ):
        expect_official(model, member)
    assert result("getChatAdministrators", chat_id=group.id) == members[:1]
    assert result("getChatMemberCount", chat_id=group.id) == 3


def test_a_bot_that_has_left_is_no_member(
    emulator: Emulator, result: Call, refused: Call, anna: User
) -> None:
    group = emulator.create_group("Team", [anna.id])
    assert result("leaveChat", chat_id=group.id) is True
    [update] = emulator.take_updates()
    assert update["my_chat_member"]["new_chat_member"]["status"] == "left"
    for method in ("sendMessage", "leaveChat"):
        status, body = emulator.call(method, {"chat_id": group.id, "text": "Hi"})
        assert status == 403
        assert body["description"] == "Forbidden: bot is not a member of the supergroup chat"
    assert result("getChatMemberCount", chat_id=group.id) == 1
    assert refused("leaveChat", chat_id=anna.id) == "chat not found"
    with pytest.raises(SimError, match="has left"):
        emulator.say(group.id, "Hi")


def test_blocking_is_an_update_and_stops_the_bot(emulator: Emulator, anna: User) -> None:
    emulator.block(anna.id)
    emulator.block(anna.id)
    emulator.unblock(anna.id)
    first, second = (update["my_chat_member"] for update in emulator.take_updates())
    statuses = [
        (change["old_chat_member"]["status"], change["new_chat_member"]["status"])
        for change in (first, second)
    ]
    assert statuses == [("member", "kicked"), ("kicked", "member")]
    assert first["from"]["id"] == anna.id
    assert first["new_chat_member"]["user"]["id"] == 1
    assert emulator.call("sendMessage", {"chat_id": anna.id, "text": "Hi"})[0] == 200


def test_who_has_blocked_the_bot_can_not_write(emulator: Emulator, anna: User) -> None:
    emulator.block(anna.id)
    assert emulator.transcript(anna.id)["blocked"] is True
    with pytest.raises(SimError, match="blocked"):
        emulator.say(anna.id, "Hi")


def test_a_group_can_not_be_blocked(emulator: Emulator, anna: User) -> None:
    group = emulator.create_group("Team", [anna.id])
    with pytest.raises(SimError, match="private"):
        emulator.block(group.id)


def test_who_writes_in_a_group(emulator: Emulator, expect_official: Call, anna: User) -> None:
    boris, clara = emulator.create_user("Boris"), emulator.create_user("Clara")
    group = emulator.create_group("Team", [anna.id, boris.id])
    assert emulator.say(group.id, "Hi")["from"]["id"] == anna.id
    message = emulator.say(group.id, "Hi", user_id=boris.id)
    assert message["from"]["id"] == boris.id
    assert message["chat"] == {"id": group.id, "type": "supergroup", "title": "Team"}
    expect_official(Message, message)
    with pytest.raises(SimError, match="no member"):
        emulator.say(group.id, "Hi", user_id=clara.id)


@pytest.mark.parametrize("text", ["", "  ", "x" * 4097])
def test_what_a_user_can_not_write(emulator: Emulator, anna: User, text: str) -> None:
    with pytest.raises(SimError):
        emulator.say(anna.id, text)
    assert emulator.take_updates() == []


def test_what_a_user_writes_is_recognised(emulator: Emulator, anna: User) -> None:
    message = emulator.say(anna.id, "/start see example.org")
    kinds = [entity["type"] for entity in message["entities"]]
    assert kinds == ["bot_command", "url"]


def test_a_user_who_changes_their_name_keeps_their_chat(emulator: Emulator, anna: User) -> None:
    emulator.say(anna.id, "before")
    emulator.change_user(anna.id, first_name="Anna Maria", username=None)
    after = emulator.say(anna.id, "after")
    names = [message["from"]["first_name"] for message in emulator.transcript(anna.id)["messages"]]
    assert names == ["Anna", "Anna Maria"]
    assert "username" not in after["from"]
    assert after["chat"]["first_name"] == "Anna Maria"


def test_users_are_limited(emulator: Emulator) -> None:
    for _ in range(MAX_USERS):
        emulator.create_user("X")
    with pytest.raises(SimError) as caught:
        emulator.create_user("X")
    assert caught.value.status == 409


def test_pins(emulator: Emulator, result: Call, refused: Call, anna: User) -> None:
    emulator.say(anna.id, "one")
    emulator.take_updates()
    assert result("pinChatMessage", chat_id=anna.id, message_id=1) is True
    assert result("pinChatMessage", chat_id=anna.id, message_id=1) is True
    [update] = emulator.take_updates()
    assert update["message"]["pinned_message"]["text"] == "one"
    assert emulator.transcript(anna.id)["messages"][-1]["author"] == "service"
    assert refused("editMessageText", chat_id=anna.id, message_id=2, text="x") == (
        "message can't be edited"
    )
    assert result("unpinChatMessage", chat_id=anna.id) is True
    assert refused("unpinChatMessage", chat_id=anna.id) == "message to unpin not found"
    assert refused("pinChatMessage", chat_id=anna.id, message_id=9) == "message to pin not found"
    assert result("unpinAllChatMessages", chat_id=anna.id) is True


def test_pinning_in_a_group_is_for_administrators(
    emulator: Emulator, refused: Call, anna: User
) -> None:
    group = emulator.create_group("Team", [anna.id])
    emulator.say(group.id, "Hi")
    answer = refused("pinChatMessage", chat_id=group.id, message_id=1)
    assert answer == "not enough rights to manage pinned messages in the chat"


def test_reactions(emulator: Emulator, result: Call, refused: Call, anna: User) -> None:
    emulator.say(anna.id, "Hi")
    like = {"type": "emoji", "emoji": "👍"}
    react = {"chat_id": anna.id, "message_id": 1}
    assert result("setMessageReaction", **react, reaction=[like]) is True
    assert result("setMessageReaction", **react) is True
    assert refused("setMessageReaction", **react, reaction=[like] * 2) == "REACTIONS_TOO_MANY"
    assert refused("setMessageReaction", **react, reaction=[{"type": "paid"}]) == "REACTION_INVALID"
    missing = refused("setMessageReaction", chat_id=anna.id, message_id=9)
    assert missing == "message to react not found"


def test_any_other_method_that_answers_with_a_bool_succeeds(
    emulator: Emulator, result: Call, anna: User
) -> None:
    assert result("setChatTitle", chat_id=anna.id, title="x") is True
    assert result("logOut") is True
    assert result("close") is True
    assert all(call.implemented for call in emulator.calls())


def test_any_other_method_is_counted_as_not_implemented(emulator: Emulator, anna: User) -> None:
    status, body = emulator.call("sendDice", {"chat_id": anna.id})
    [call] = emulator.calls("SENDDICE")
    assert status == body["error_code"] == call.status == 501
    assert "sendDice" in body["description"]
    assert (call.implemented, call.method) == (False, "sendDice")


def test_an_unknown_method_is_not_found(emulator: Emulator) -> None:
    assert emulator.call("sendMesage") == (
        404,
        {"ok": False, "error_code": 404, "description": "Not Found: method not found"},
    )
