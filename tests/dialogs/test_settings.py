"""Language, personal data, deletion of the account."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from okno.accounts.config import IdentitySettings
from okno.accounts.dto import Device
from okno.accounts.service import ApiKeysService, PasswordsService
from okno.kit.actor import Actor, Role
from okno.kit.db import Engine
from okno.kit.settings import Settings
from sandbox.telegram import Emulator
from tests.conftest import ADMIN_ID
from tests.support.access import PASSWORD, ask_for_password, confirmations
from tests.support.person import Person
from tests.support.stage import Stage, open_stage


async def open_settings(stage: Stage) -> Person:
    anna = stage.person()
    await anna.register()
    await anna.press("☰ Menu")
    await anna.press("⚙️ Settings")
    return anna


async def test_settings_show_the_account(stage: Stage) -> None:
    anna = await open_settings(stage)

    assert "Name: Anna" in anna.window["text"]
    assert "Role: user" in anna.window["text"]


async def test_another_language_is_spoken_at_once_and_from_then_on(stage: Stage) -> None:
    anna = await open_settings(stage)
    await anna.press("🌐 Language")

    await anna.press("Русский")

    assert anna.window["text"].startswith("Настройки")
    assert (await anna.say("/help"))["text"].startswith("Помощь")


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "сегодня"),
        (1, "1 день"),
        (2, "2 дня"),
        (5, "5 дней"),
        (11, "11 дней"),
        (21, "21 день"),
        (22, "22 дня"),
        (112, "112 дней"),
    ],
)
async def test_russian_counts_days_right(stage: Stage, days: int, words: str) -> None:
    anna = stage.person(language_code="ru")
    await anna.register("Русский ✓")
    engine = await stage.container.get(Engine)
    async with engine.begin() as connection:
        await connection.execute(
            text("UPDATE users SET registered_at = :then"),
            {"then": datetime.now(UTC) - timedelta(days=days, minutes=1)},
        )
    await stage.flush_redis()

    window = await anna.say("/settings")

    assert window["text"].endswith(f"({words})")


async def test_my_data_comes_as_a_file_and_the_window_stays_last(stage: Stage) -> None:
    anna = await open_settings(stage)

    await anna.press("📄 My data")

    *_, document, window = anna.messages
    assert document["media"]["file_name"] == "okno-data.json"
    assert window["text"].startswith("Settings")
    data = json.loads(stage.emulator.world.files.get(document["media"]["file_id"]).content)
    assert data["telegram_id"] == anna.id
    assert data["first_name"] == "Anna"
    assert data["language"] == "en"
    assert datetime.fromisoformat(data["registered_at"]).tzinfo is not None


async def test_my_data_holds_sign_ins_and_keys(stage: Stage) -> None:
    anna = await open_settings(stage)
    await sign_in(stage, anna, "Firefox", times=1)
    keys = await stage.container.get(ApiKeysService)
    secret = (await keys.create(Actor(Role.USER, 1), "notebook", 500)).secret

    await anna.press("📄 My data")

    *_, document, _window = anna.messages
    content = stage.emulator.world.files.get(document["media"]["file_id"]).content
    data = json.loads(content)
    assert data["has_password"] is True
    (session,) = data["sessions"]
    assert session["device"] == {"address": "203.0.113.7", "name": "Firefox"}
    (key,) = data["api_keys"]
    assert (key["name"], key["budget"]["amount"]) == ("notebook", 500)
    assert secret.encode() not in content


async def test_my_data_holds_conversations_and_ledger(stage: Stage) -> None:
    anna = stage.person()
    await anna.register()
    await anna.ask("echo: one")
    await anna.ask("echo: два")
    await anna.say("/new")
    await anna.ask("echo: three")
    await anna.say("/settings")

    await anna.press("📄 My data")

    *_, document, _window = anna.messages
    data = json.loads(stage.emulator.world.files.get(document["media"]["file_id"]).content)
    said = [
        [message["text"] for message in conversation["messages"]]
        for conversation in data["conversations"]
    ]
    assert said == [["echo: three", "three"], ["echo: one", "one", "echo: два", "два"]]
    assert [entry["kind"] for entry in data["ledger"]] == ["usage", "usage", "usage", "grant"]
    assert sum(entry["amount"] for entry in data["ledger"]) == data["balance"]["balance"]


async def test_the_account_is_deleted_after_two_confirmations(stage: Stage) -> None:
    anna = await open_settings(stage)
    for label in ("🗑 Delete account", "Go on", "Delete for good"):
        assert await count_users(stage) == 1
        await anna.press(label)

    assert await count_users(stage) == 0
    assert anna.window["text"].startswith("Your account is deleted")
    assert [message for message in anna.messages if message["keyboard"]] == []


async def test_deletion_can_be_left_at_every_step(stage: Stage) -> None:
    anna = await open_settings(stage)
    await anna.press("🗑 Delete account")
    await anna.press("← Back")
    await anna.press("🗑 Delete account")
    await anna.press("Go on")

    await anna.press("← Back")

    assert anna.window["text"].startswith("Settings")
    assert await count_users(stage) == 1


async def test_who_was_deleted_can_begin_again(stage: Stage) -> None:
    anna = await open_settings(stage)
    for label in ("🗑 Delete account", "Go on", "Delete for good"):
        await anna.press(label)

    await anna.say("/start")

    assert "Which language" in anna.window["text"]


async def test_deleting_twice_at_once_is_harmless(stage: Stage) -> None:
    anna = await open_settings(stage)
    await anna.press("🗑 Delete account")
    await anna.press("Go on")
    window = anna.window

    anna.tap("Delete for good", window)
    anna.tap("Delete for good", window)
    await stage.settle()

    assert await count_users(stage) == 0


@pytest.mark.usefixtures("clean")
async def test_the_settings_of_the_process_make_an_administrator(settings: Settings) -> None:
    async with open_stage(settings, Emulator(first_user_id=ADMIN_ID)) as stage:
        admin = stage.person()
        await admin.register()

        window = await admin.say("/settings")

        assert "Role: administrator" in window["text"]


async def count_users(stage: Stage) -> int:
    engine = await stage.container.get(Engine)
    async with engine.connect() as connection:
        return int(await connection.scalar(text("SELECT count(*) FROM users")) or 0)


async def open_access(stage: Stage) -> Person:
    anna = await open_settings(stage)
    await anna.press("🔐 Access outside Telegram")
    return anna


async def test_without_a_password_nobody_signs_in(stage: Stage) -> None:
    anna = await open_access(stage)

    assert "Nobody can sign in to your account with a password." in anna.window["text"]
    assert "🚪 Sign out everywhere" not in anna.labels


@pytest.mark.usefixtures("clean")
async def test_the_bot_needs_no_secret_of_the_api(settings: Settings, emulator: Emulator) -> None:
    without = settings.replaced(IdentitySettings(jwt_secret=None))
    async with open_stage(without, emulator) as stage:
        anna = await open_access(stage)

        await anna.press("🔑 API keys")

        assert anna.window["text"].startswith("API keys")
        stage.expect_clean()


async def test_who_has_signed_in_is_seen_and_can_be_signed_out(stage: Stage) -> None:
    anna = await open_settings(stage)
    await sign_in(stage, anna, "Firefox <1>", times=7)

    await anna.press("🔐 Access outside Telegram")

    text = anna.window["text"]
    assert f"You can sign in with the login {anna.id} and your password." in text
    assert text.count("• Firefox <1>\n203.0.113.7, last used") == 5
    assert "and 2 more" in text
    popup = await anna.press("🚪 Sign out everywhere")
    assert popup is not None
    assert popup.text == "Signed out everywhere."
    assert "Firefox" not in anna.window["text"]
    assert await stage.scalar("SELECT count(*) FROM sessions WHERE ended_at IS NULL") == 0


async def sign_in(stage: Stage, person: Person, device: str, *, times: int) -> None:
    """Confirm a password in Telegram, and sign in with it."""
    await ask_for_password(stage, person.id)
    await (await confirmations(stage)).look()
    window = person.window
    await person.press("Confirm", window)
    await person.say("/settings")
    passwords = await stage.container.get(PasswordsService)
    for _ in range(times):
        await passwords.sign_in(str(person.id), PASSWORD, Device("203.0.113.7", device))
