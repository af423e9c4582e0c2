"""The first contact."""

from sqlalchemy import text

from okno.kit.db import Engine
from tests.support.stage import Stage


async def stored_users(stage: Stage) -> list[dict[str, object]]:
    engine = await stage.container.get(Engine)
    async with engine.connect() as connection:
        rows = await connection.execute(text("SELECT * FROM users ORDER BY id"))
        return [dict(row) for row in rows.mappings()]


async def test_first_contact_proposes_the_language_of_telegram(stage: Stage) -> None:
    anna = stage.person("Анна", language_code="ru")

    window = await anna.say("/start")

    assert "Здравствуйте, Анна!" in window["text"]
    assert anna.labels == ["Русский ✓", "English"]


async def test_first_contact_stores_who_came(stage: Stage) -> None:
    user = stage.emulator.create_user("Anna", "Petrova", "anna_p", "ru-RU")
    stage.emulator.say(user.id, "hello")
    await stage.settle()

    (stored,) = await stored_users(stage)

    assert stored["telegram_id"] == user.id
    assert (stored["first_name"], stored["last_name"]) == ("Anna", "Petrova")
    assert (stored["username"], stored["language"]) == ("anna_p", "ru")
    assert stored["registered_at"] is not None
    assert stored["onboarded_at"] is None


async def test_the_choice_of_a_language_leads_to_a_welcome_in_it(stage: Stage) -> None:
    anna = stage.person("Anna", language_code="ru")
    await anna.say("/start")

    await anna.press("English")

    assert anna.window["text"].startswith("Welcome, Anna!")
    assert anna.labels == ["💬 Chat", "☰ Menu"]
    (stored,) = await stored_users(stage)
    assert stored["language"] == "en"
    assert stored["onboarded_at"] is not None


async def test_an_unknown_language_is_greeted_in_english(stage: Stage) -> None:
    jose = stage.person("José", language_code="pt-BR")

    await jose.say("hola")

    assert jose.labels == ["English ✓", "Русский"]


async def test_whoever_has_not_finished_is_led_back_to_it(stage: Stage) -> None:
    anna = stage.person()
    await anna.say("/start")

    await anna.say("/menu")

    assert "Which language" in anna.window["text"]


async def test_start_of_a_registered_user_opens_the_menu(stage: Stage) -> None:
    anna = stage.person()
    await anna.register()

    window = await anna.say("/start")

    assert window["text"].startswith("Menu")


async def test_a_repeat_finds_the_user_and_refreshes_what_changed(stage: Stage) -> None:
    anna = stage.person("Anna")
    await anna.register()
    stage.emulator.change_user(anna.id, first_name="Anna Maria")

    window = await anna.say("/menu")

    assert "Anna Maria" in window["text"]
    (stored,) = await stored_users(stage)
    assert stored["first_name"] == "Anna Maria"


async def test_a_name_is_shown_as_it_is_and_never_as_markup(stage: Stage) -> None:
    anna = stage.person("<b>Anna</b> & Co")

    window = await anna.say("/start")

    assert "<b>Anna</b> & Co" in window["text"]


async def test_a_stranger_pressing_an_old_button_is_not_registered(stage: Stage) -> None:
    anna = stage.person()
    window = await anna.register()
    await delete_everything(stage)

    popup = await anna.press("☰ Menu", window)

    assert popup is not None
    assert popup.text == "We have not met yet. Send /start, please."
    assert await stored_users(stage) == []


async def delete_everything(stage: Stage) -> None:
    engine = await stage.container.get(Engine)
    async with engine.begin() as connection:
        await connection.execute(text("TRUNCATE users CASCADE"))
    await stage.flush_redis()


async def test_in_a_group_the_bot_says_where_it_talks(stage: Stage) -> None:
    anna = stage.person()
    group = stage.emulator.create_group("Team", [anna.id])

    stage.emulator.say(group.id, "/start")
    stage.emulator.say(group.id, "what do you think?")
    await stage.settle()

    messages = stage.emulator.transcript(group.id)["messages"]
    (answer,) = [message for message in messages if message["author"] == "bot"]
    assert answer["text"].endswith("@okno_demo_bot")
    assert await stored_users(stage) == []
