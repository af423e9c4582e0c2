"""API keys: made in the bot, shown once, listed, revoked."""

import re

import pytest

from okno.accounts.dto import ApiKey
from okno.accounts.service import ApiKeysService
from okno.billing.service import BillingService
from okno.kit.actor import Actor, Role
from sandbox.telegram import Fault as TelegramFault
from tests.support.person import Message, Person
from tests.support.stage import Stage
from tests.support.timing import CALL_RETRY_AT_ONCE

SECRET = re.compile(r"okno_[A-Za-z0-9]{43,}")


@pytest.fixture
async def anna(stage: Stage) -> Person:
    """A user who has the list of keys open."""
    person = stage.person("Anna")
    await person.register()
    await person.say("/settings")
    await person.press("🔐 Access outside Telegram")
    await person.press("🔑 API keys")
    return person


def actor(user_id: int = 1) -> Actor:
    return Actor(Role.USER, user_id)


async def keys_of(stage: Stage) -> tuple[ApiKey, ...]:
    return await (await stage.container.get(ApiKeysService)).list(actor())


async def make(person: Person, name: str, limit: str = "Without a limit") -> Message:
    """Make a key; return the message with its secret."""
    await person.press("➕ New key")
    await person.say(name)
    if limit in person.labels:
        await person.press(limit)
    else:
        await person.say(limit)
    return person.messages[-2]


def key_labels(person: Person) -> list[str]:
    return [label for label in person.labels if " · okno_" in label]


async def test_who_has_none_is_told_what_they_are_for(anna: Person) -> None:
    assert "There is none yet." in anna.window["text"]
    assert anna.labels == ["➕ New key", "← Back", "☰ Menu"]


async def test_the_secret_is_shown_once_and_can_be_copied(stage: Stage, anna: Person) -> None:
    secret = await make(anna, "  my \n notebook ")

    (key,) = await keys_of(stage)
    found = SECRET.search(secret["text"])
    assert found is not None
    assert found[0].startswith(key.hint)
    assert {entity["type"] for entity in secret["entities"]} == {"bold", "code"}
    assert "Address for programs that talk to OpenAI: http://127.0.0.1:8081/v1" in secret["text"]
    assert secret["keyboard"] == []
    assert key.name == "my notebook"
    assert key_labels(anna) == [f"my notebook · {key.hint}…"]
    everything = "".join(message["text"] for message in anna.messages)
    assert everything.count(found[0]) == 1


async def test_a_name_is_never_markup(anna: Person) -> None:
    secret = await make(anna, "<b>x</b> & y")

    assert secret["text"].startswith("The key <b>x</b> & y")
    await anna.press(key_labels(anna)[0])
    assert anna.window["text"].startswith("<b>x</b> & y")


@pytest.mark.parametrize("name", ["n" * 65, "\u2060\u2066"])
async def test_a_name_that_does_not_fit_is_asked_for_again(
    stage: Stage, anna: Person, name: str
) -> None:
    await anna.press("➕ New key")

    await anna.say(name)

    assert anna.window["text"].startswith("This name does not fit")
    await anna.say("notebook")
    assert anna.window["text"].startswith("A limit for notebook")
    assert await keys_of(stage) == ()


async def test_a_key_without_a_limit(stage: Stage, anna: Person) -> None:
    await make(anna, "notebook")

    await anna.press(key_labels(anna)[0])

    assert "Not used yet" in anna.window["text"]
    assert "Without a limit of its own" in anna.window["text"]


@pytest.mark.parametrize(("limit", "units"), [("10,000 units", 10_000), ("1 500", 1500), ("7", 7)])
async def test_a_key_with_a_limit(stage: Stage, anna: Person, limit: str, units: int) -> None:
    await make(anna, "notebook", limit)

    (key,) = await keys_of(stage)
    budgets = await (await stage.container.get(BillingService)).budgets(actor(), [key.id])
    assert budgets[key.id].amount == units
    await anna.press(key_labels(anna)[0])
    assert f"Spent: 0 of {units:,} units" in anna.window["text"]


@pytest.mark.parametrize("limit", ["0", "-5", "many", "1.5", "9" * 13, "9" * 4000])
async def test_what_is_no_limit_is_asked_for_again(stage: Stage, anna: Person, limit: str) -> None:
    await anna.press("➕ New key")
    await anna.say("notebook")

    await anna.say(limit)

    assert anna.window["text"].startswith("This is no limit")
    assert await keys_of(stage) == ()
    await anna.press("Without a limit")
    assert len(await keys_of(stage)) == 1


async def test_a_text_is_no_question_while_a_name_is_waited_for(stage: Stage, anna: Person) -> None:
    await anna.press("➕ New key")
    await anna.say("What is a key?")

    assert await stage.scalar("SELECT count(*) FROM messages") == 0


async def test_a_key_is_revoked_after_a_question(stage: Stage, anna: Person) -> None:
    await make(anna, "notebook")
    await anna.press(key_labels(anna)[0])

    await anna.press("Revoke")
    assert anna.window["text"].startswith("Revoke the key notebook?")
    assert len(await keys_of(stage)) == 1
    popup = await anna.press("Revoke")

    assert popup is not None
    assert popup.text == "The key is revoked."
    assert await keys_of(stage) == ()
    assert "There is none yet." in anna.window["text"]


async def test_one_that_was_revoked_elsewhere_is_told_kindly(stage: Stage, anna: Person) -> None:
    await make(anna, "notebook")
    await anna.press(key_labels(anna)[0])
    await anna.press("Revoke")
    (key,) = await keys_of(stage)
    await (await stage.container.get(ApiKeysService)).revoke(actor(), key.id)

    popup = await anna.press("Revoke")

    assert popup is not None
    assert popup.text == "This key is revoked."
    assert "There is none yet." in anna.window["text"]


async def test_twenty_are_enough(stage: Stage, anna: Person) -> None:
    keys = await stage.container.get(ApiKeysService)
    for number in range(19):
        await keys.create(actor(), f"key {number}", None)
    await anna.press("← Back")
    await anna.press("🔑 API keys")

    await make(anna, "the last one")

    assert len(key_labels(anna)) == 20
    assert "There are as many as there may be" in anna.window["text"]
    assert "➕ New key" not in anna.labels


async def test_one_too_many_at_the_same_time_is_refused(stage: Stage, anna: Person) -> None:
    await anna.press("➕ New key")
    await anna.say("notebook")
    keys = await stage.container.get(ApiKeysService)
    for number in range(20):
        await keys.create(actor(), f"key {number}", None)

    popup = await anna.press("Without a limit")

    assert popup is not None
    assert popup.show_alert
    assert len(await keys_of(stage)) == 20


async def test_a_secret_that_never_arrived_opens_nothing(
    stage: Stage, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tgbot.client.retry.CALL_RETRY", CALL_RETRY_AT_ONCE)
    stage.expect_refusals(502)
    await anna.press("➕ New key")
    await anna.say("notebook")
    stage.emulator.add_fault(TelegramFault("sendMessage", code=502, times=3, contains="okno_"))

    await anna.press("Without a limit")

    assert await keys_of(stage) == ()
