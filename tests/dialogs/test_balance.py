"""The balance, the statement and the packages."""

from decimal import Decimal

import pytest

from okno.accounts.service import AccountsService
from okno.billing.catalogue import PackageCatalogue
from okno.billing.dto import HoldRequest, Price
from okno.billing.service import BillingService
from okno.kit.actor import SYSTEM
from tests.support.person import Person
from tests.support.stage import Stage

NBSP = "\N{NO-BREAK SPACE}"


async def registered(stage: Stage, language: str = "en") -> Person:
    person = stage.person("Анна" if language == "ru" else "Anna", language)
    await person.register("Русский ✓" if language == "ru" else "English ✓")
    return person


async def grant(stage: Stage, person: Person, *amounts: int) -> None:
    """Change the balance by hand."""
    accounts = await stage.container.get(AccountsService)
    billing = await stage.container.get(BillingService)
    account = await accounts.look_up(SYSTEM, person.id)
    for number, amount in enumerate(amounts):
        await billing.adjust(SYSTEM, account.user_id, amount, f"{person.id}:{number}")


async def sell_only(stage: Stage, count: int) -> None:
    """Offer the first packages only, as after a change of the file."""
    catalogue = await stage.container.get(PackageCatalogue)
    catalogue.packages = catalogue.packages[:count]
    stage.is_changed = True


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("en", ["On your balance: 20,000", "Spent on answers so far: 0", "+20,000 · a gift"]),
        (
            "ru",
            [
                f"На балансе: 20{NBSP}000",
                "Потрачено на ответы за всё время: 0",
                f"+20{NBSP}000 · подарок",
            ],
        ),
    ],
)
async def test_the_window_says_what_is_left_and_where_it_came_from(
    stage: Stage, language: str, lines: list[str]
) -> None:
    anna = await registered(stage, language)

    shown = (await anna.say("/balance"))["text"]

    assert [line for line in lines if line not in shown] == []
    assert "0 · " in shown.splitlines()[-1], "the entries are the end of the window"


async def test_what_is_held_is_shown_while_it_is_held(stage: Stage) -> None:
    anna = await registered(stage)
    account = await (await stage.container.get(AccountsService)).look_up(SYSTEM, anna.id)
    billing = await stage.container.get(BillingService)
    price = Price(Decimal(1), Decimal(1))
    hold = await billing.reserve(account.actor, HoldRequest(price, 1000, 500, 100, "a test"))

    assert "Held for the answer being written: 1,500" in (await anna.say("/balance"))["text"]

    await billing.settle(account.actor, hold.id, 1200, "a test")
    shown = (await anna.say("/balance"))["text"]
    assert "Held" not in shown
    assert "On your balance: 18,800" in shown
    assert "Spent on answers so far: 1,200" in shown
    assert "−1,200 · an answer" in shown


async def test_the_window_has_the_latest_entries_and_the_statement_all_of_them(
    stage: Stage,
) -> None:
    anna = await registered(stage)
    await anna.say("/balance")
    assert "🧾 Statement" not in anna.labels
    await grant(stage, anna, *range(1, 24))

    window = await anna.say("/balance")
    assert [line.partition(" ")[0] for line in window["text"].splitlines()[-5:]] == [
        "+23",
        "+22",
        "+21",
        "+20",
        "+19",
    ]

    await anna.press("🧾 Statement")
    assert "24 entries, the latest first. Page 1 of 3." in anna.window["text"]
    assert anna.window["text"].splitlines()[-1].startswith("+14 · a correction")
    assert "‹ Newer" not in anna.labels
    await anna.press("Older ›")
    await anna.press("Older ›")
    assert "Page 3 of 3." in anna.window["text"]
    assert anna.window["text"].splitlines()[-1].startswith("+20,000 · a gift")
    assert "Older ›" not in anna.labels
    await anna.press("← Back")
    assert anna.window["text"].startswith("Balance")


async def test_a_correction_downwards_has_its_sign(stage: Stage) -> None:
    anna = await registered(stage)
    await grant(stage, anna, -250)

    assert "−250 · a correction" in (await anna.say("/balance"))["text"]


@pytest.mark.parametrize(
    ("language", "top_up", "package", "title", "pay"),
    [
        ("en", "⭐ Top up", "⭐ 100 → 110,000", "110,000 units", "Pay ⭐ 100"),
        ("ru", "⭐ Пополнить", f"⭐ 100 → 110{NBSP}000", "110 000 единиц", "Заплатить ⭐ 100"),
    ],
)
async def test_a_package_comes_as_an_invoice_below_the_window(
    stage: Stage, language: str, top_up: str, package: str, title: str, pay: str
) -> None:
    anna = await registered(stage, language)
    await anna.say("/balance")
    await anna.press(top_up)
    window = anna.window

    await anna.press(package)

    assert anna.messages[-1] == anna.invoice
    assert anna.invoice["invoice"]["title"] == title
    assert anna.invoice["invoice"]["stars"] == 100
    assert anna.labels == [pay]
    assert window in anna.messages, "the window stays as it was"
    await anna.press(package, window)
    assert len([message for message in anna.messages if message["invoice"]]) == 2


async def test_a_package_that_is_gone_is_refused_kindly(stage: Stage) -> None:
    anna = await registered(stage)
    await anna.say("/balance")
    await anna.press("⭐ Top up")
    await sell_only(stage, 1)

    popup = await anna.press("⭐ 500 → 600,000")

    assert popup is not None
    assert "This offer is out of date" in (popup.text or "")
    assert not [message for message in anna.messages if message["invoice"]]


async def test_where_nothing_is_sold_nothing_is_offered(stage: Stage) -> None:
    anna = await registered(stage)
    await sell_only(stage, 0)

    await anna.say("/balance")

    assert "⭐ Top up" not in anna.labels
