"""The bot's commands, its name, its descriptions and its menu button."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.telegram import Emulator
from sandbox.telegram.core.people import User

Call = Callable[..., Any]
START = {"command": "start", "description": "Begin"}
HELP = {"command": "help", "description": "Help"}


def seen(emulator: Emulator, chat_id: int) -> list[str]:
    return [command["command"] for command in emulator.transcript(chat_id)["commands"]]


def test_commands_are_kept_by_scope_and_language(result: Call) -> None:
    scope = {"type": "all_private_chats"}
    assert result("setMyCommands", commands=[START]) is True
    assert result("setMyCommands", commands=[HELP], scope=scope, language_code="ru") is True
    assert result("getMyCommands") == [START]
    assert result("getMyCommands", scope=scope) == []
    assert result("getMyCommands", scope=scope, language_code="ru") == [HELP]
    assert result("deleteMyCommands") is True
    assert result("getMyCommands") == []


def test_a_user_sees_the_narrowest_scope_and_their_language(
    emulator: Emulator, result: Call, anna: User
) -> None:
    petya = emulator.create_user("Petya", language_code="ru")
    narrow = {"type": "chat", "chat_id": anna.id}
    result("setMyCommands", commands=[{"command": "any", "description": "x"}])
    assert (seen(emulator, anna.id), seen(emulator, petya.id)) == (["any"], ["any"])
    result("setMyCommands", commands=[{"command": "ru", "description": "x"}], language_code="ru")
    assert (seen(emulator, anna.id), seen(emulator, petya.id)) == (["any"], ["ru"])
    result(
        "setMyCommands",
        commands=[{"command": "private", "description": "x"}],
        scope={"type": "all_private_chats"},
    )
    result("setMyCommands", commands=[{"command": "anna", "description": "x"}], scope=narrow)
    assert (seen(emulator, anna.id), seen(emulator, petya.id)) == (["anna"], ["private"])
    result("deleteMyCommands", scope=narrow)
    assert seen(emulator, anna.id) == ["private"]


def test_a_group_has_commands_of_its_own(emulator: Emulator, result: Call, anna: User) -> None:
    group = emulator.create_group("Team", [anna.id])
    result("setMyCommands", commands=[START])
    result("setMyCommands", commands=[HELP], scope={"type": "all_group_chats"})
    assert (seen(emulator, group.id), seen(emulator, anna.id)) == (["help"], ["start"])


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ({"command": "Start", "description": "x"}, "BOT_COMMAND_INVALID"),
        ({"command": "x" * 33, "description": "x"}, "BOT_COMMAND_INVALID"),
        ({"command": "start", "description": " "}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"command": "start", "description": "x" * 257}, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ],
)
def test_a_command_that_can_not_be(refused: Call, command: Any, words: str) -> None:
    assert refused("setMyCommands", commands=[command]) == words


def test_too_many_commands_and_unknown_chats_are_refused(refused: Call) -> None:
    assert refused("setMyCommands", commands=[START] * 101) == "BOT_COMMANDS_TOO_MUCH"
    scope = {"type": "chat", "chat_id": 77}
    assert refused("getMyCommands", scope=scope) == "chat not found"


@pytest.mark.parametrize(
    ("noun", "field", "default", "limit"),
    [
        ("Name", "name", "Okno", 64),
        ("Description", "description", "", 512),
        ("ShortDescription", "short_description", "", 120),
    ],
)
def test_the_profile_is_kept_by_language(
    result: Call, refused: Call, noun: str, field: str, default: str, limit: int
) -> None:
    assert result(f"getMy{noun}") == {field: default}
    assert result(f"setMy{noun}", **{field: "Window"}) is True
    assert result(f"setMy{noun}", **{field: "Окно", "language_code": "ru"}) is True
    assert result(f"getMy{noun}", language_code="ru") == {field: "Окно"}
    assert result(f"getMy{noun}", language_code="de") == {field: "Window"}
    assert result(f"setMy{noun}", language_code="ru") is True
    assert result(f"getMy{noun}", language_code="ru") == {field: "Window"}
    assert "too long" in refused(f"setMy{noun}", **{field: "x" * (limit + 1)})


def test_the_user_sees_the_profile_in_their_language(
    emulator: Emulator, result: Call, anna: User
) -> None:
    result("setMyName", name="Window")
    result("setMyDescription", description="Ein Fenster", language_code="de")
    hans = emulator.create_user("Hans", language_code="de")
    assert emulator.transcript(hans.id)["bot"] == {
        "id": 1,
        "username": "okno_demo_bot",
        "first_name": "Window",
        "description": "Ein Fenster",
        "short_description": None,
    }
    assert emulator.transcript(anna.id)["bot"]["description"] is None
    assert result("getMe")["first_name"] == "Window"


def test_the_menu_button_of_a_chat_goes_before_the_common_one(result: Call, anna: User) -> None:
    web_app = {"type": "web_app", "text": "Open", "web_app": {"url": "https://example.org"}}
    assert result("getChatMenuButton", chat_id=anna.id) == {"type": "commands"}
    assert result("setChatMenuButton", menu_button={"type": "default"}) is True
    assert result("setChatMenuButton", chat_id=anna.id, menu_button=web_app) is True
    assert result("getChatMenuButton", chat_id=anna.id) == web_app
    assert result("getChatMenuButton") == {"type": "default"}
