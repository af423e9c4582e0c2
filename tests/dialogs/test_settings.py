"""Language, personal data, deletion of the account."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from okno.kit.db import Engine
from okno.settings import Settings
from sandbox.telegram import Emulator
from tests.conftest import ADMIN_ID
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
