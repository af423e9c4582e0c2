"""`https://t.me/<bot>?start=join_<code>`: a web account and a Telegram account become one."""

import pytest

from okno.accounts.dto import JoiningLink
from sandbox.llm import Fault, FaultKind, LanguageModelEmulator
from tests.support.access import ask_for_joining, make_web_account, outcome
from tests.support.person import Message, Person
from tests.support.stage import Stage
from tests.support.wait import until

UNKNOWN = "There is no such request, or it is not meant for you."


@pytest.fixture
async def anna(stage: Stage) -> Person:
    person = stage.person("Anna")
    await person.register()
    return person


@pytest.fixture
async def link(stage: Stage) -> JoiningLink:
    """Return the link of the web account of Anna, anna@web."""
    return await ask_for_joining(stage, await make_web_account(stage, "anna@web"))


async def follow(person: Person, code: str) -> Message:
    """Open the link of a web account; return the newest window."""
    await person.say(f"/start join_{code}")
    await person.stage.answered()
    return person.window


async def test_the_window_says_which_account_would_have_all(
    anna: Person, link: JoiningLink
) -> None:
    window = await follow(anna, link.code)

    text = window["text"]
    assert text.startswith("Shall this account and a web account become one?")
    assert "The web account: anna@web" in text
    assert "".join(f"{digit}\ufe0f\u20e3" for digit in str(link.confirmation.number)) in text
    assert "This can't be undone." in text
    assert anna.labels == ["Confirm", "Refuse"]


async def test_what_is_confirmed_joins_balance_and_history(
    stage: Stage, anna: Person, link: JoiningLink
) -> None:
    await anna.ask("echo: hello")
    before = await stage.scalar("SELECT max(balance) FROM balances")
    await follow(anna, link.code)

    await anna.press("Confirm")

    assert anna.window["text"].startswith("Joined\n\nYou and anna@web are one now")
    assert await stage.scalar("SELECT telegram_id FROM users WHERE login = 'anna@web'") == anna.id
    welcome = 20_000  # of the web account
    assert await stage.scalar("SELECT max(balance) FROM balances") == before + welcome
    await anna.say("/history")
    assert any("echo: hello" in label for label in anna.labels)
    await anna.ask("echo: again")
    assert anna.window["text"] == "again"


async def test_what_is_refused_joins_nothing(stage: Stage, anna: Person, link: JoiningLink) -> None:
    await follow(anna, link.code)

    await anna.press("Refuse")

    assert await outcome(stage) == "refused"
    assert await stage.scalar("SELECT count(*) FROM users WHERE merged_into IS NOT NULL") == 0


async def test_who_is_new_registers_first(stage: Stage, link: JoiningLink) -> None:
    boris = stage.person("Boris")
    window = await follow(boris, link.code)
    assert "Which language" in window["text"]

    await boris.press("English ✓")
    await stage.answered()

    *_, welcome, confirmation = boris.messages
    assert welcome["text"].startswith("Welcome, Boris!")
    assert confirmation["text"].startswith("Shall this account")
    await boris.press("Confirm")
    assert await stage.scalar("SELECT telegram_id FROM users WHERE login = 'anna@web'") == boris.id


async def test_who_is_new_may_also_ask_something(stage: Stage, link: JoiningLink) -> None:
    boris = stage.person("Boris")
    await boris.say("echo: hello")
    await follow(boris, link.code)

    await boris.press("English ✓")
    await stage.answered()

    texts = [message["text"] for message in boris.messages]
    assert any(text.startswith("Shall this account") for text in texts)
    assert "hello" in texts


async def test_a_wrong_code_is_told_and_leads_to_the_menu(anna: Person) -> None:
    await follow(anna, "wrong")

    *_, word, menu = anna.messages
    assert word["text"] == UNKNOWN
    assert menu["text"].startswith("Menu")


async def test_a_wrong_code_does_not_spoil_the_registration(stage: Stage) -> None:
    boris = stage.person("Boris")
    await follow(boris, "wrong")

    await boris.press("English ✓")

    *_, welcome, word = boris.messages
    assert welcome["text"].startswith("Welcome, Boris!")
    assert word["text"] == UNKNOWN


async def test_a_link_that_is_too_old_is_told(
    stage: Stage, anna: Person, link: JoiningLink
) -> None:
    await stage.execute("UPDATE confirmations SET expires_at = now()")

    await follow(anna, link.code)

    *_, word, menu = anna.messages
    assert word["text"].startswith("This request is over")
    assert menu["text"].startswith("Menu")


async def test_a_link_is_for_whoever_opens_it_first(
    stage: Stage, anna: Person, link: JoiningLink
) -> None:
    boris = stage.person("Boris")
    await boris.register()
    await follow(anna, link.code)

    await follow(boris, link.code)

    *_, word, _menu = boris.messages
    assert word["text"] == UNKNOWN


async def test_a_link_that_is_opened_again_is_decided_once(
    stage: Stage, anna: Person, link: JoiningLink
) -> None:
    first = await follow(anna, link.code)
    await follow(anna, link.code)
    await anna.press("Refuse")

    popup = await anna.press("Confirm", first)

    assert popup is not None
    assert (popup.text or "").startswith("This request is over")
    assert await outcome(stage) == "refused"


async def test_while_an_answer_is_written_nothing_is_joined(
    stage: Stage, language_models: LanguageModelEmulator, anna: Person, link: JoiningLink
) -> None:
    language_models.add_fault(Fault(FaultKind.STALL_INSIDE, seconds=60))
    await anna.say("echo: one two three")
    await until(lambda: language_models.stalled == 1, "the model to stall")
    await anna.say(f"/start join_{link.code}")
    await until(lambda: anna.labels == ["Confirm", "Refuse"], "the window")
    window = anna.window

    popup = await anna.press("Confirm", window)

    assert popup is not None
    assert (popup.text or "").startswith("I am still writing the previous answer.")
    language_models.release()
    await stage.answered()
    await anna.press("Confirm", window)
    assert await outcome(stage) == "confirmed"


async def test_in_a_group_a_link_opens_nothing(
    stage: Stage, anna: Person, link: JoiningLink
) -> None:
    group = stage.emulator.create_group("Team", [anna.id])
    count = len(anna.messages)

    stage.emulator.say(group.id, f"/start join_{link.code}")
    await stage.settle()
    await stage.answered()

    (*_, answer) = stage.emulator.transcript(group.id)["messages"]
    assert answer["text"].startswith("I talk in private chats only.")
    assert len(anna.messages) == count
    assert await stage.scalar("SELECT telegram_id FROM confirmations") is None
