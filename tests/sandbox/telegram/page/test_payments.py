"""Paying with Stars: the invoice, the sheet that asks, and what comes of it."""

import pytest
from playwright.async_api import Locator, expect

from tests.support.chat_page import PHONE, Site, Visit

pytestmark = pytest.mark.slow

TERMS = {
    "title": "50,000 units",
    "description": "For your questions",
    "payload": "small:50000",
    "currency": "XTR",
    "prices": [{"label": "Units", "amount": 50}],
}
PAY = "Pay ⭐️50"


async def sell(visit: Visit, **changes: object) -> None:
    await visit.bot.call("sendInvoice", chat_id=visit.chat_id, **TERMS | changes)


async def answer(visit: Visit, **fields: object) -> None:
    query = await visit.bot.next_update("pre_checkout_query")
    await visit.bot.call("answerPreCheckoutQuery", pre_checkout_query_id=query["id"], **fields)


def sheet(visit: Visit) -> Locator:
    return visit.page.get_by_role("dialog")


async def test_an_invoice_is_paid_by_keyboard_alone_and_marked(visit: Visit) -> None:
    await sell(visit)
    invoice = visit.messages.first
    await expect(invoice).to_contain_text("50,000 units")
    await visit.button(PAY).focus()
    await visit.page.keyboard.press("Enter")
    await expect(sheet(visit)).to_contain_text("You have⭐ 1,000")
    await expect(sheet(visit).get_by_role("button", name="Pay ⭐ 50")).to_be_focused()
    await visit.page.keyboard.press("Enter")
    await answer(visit, ok=True)
    await expect(sheet(visit)).to_be_hidden()
    await expect(visit.messages.last).to_have_text("You paid ⭐ 50")
    await expect(invoice).to_contain_text("Paid")
    await visit.button("Receipt").click()
    await expect(visit.messages.last).to_be_in_viewport()
    payment = (await visit.bot.next_update("message"))["successful_payment"]
    await visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await visit.button("You paid ⭐ 50").click()
    await expect(visit.page.locator(".toast")).to_have_text("Copied")
    copied = await visit.page.evaluate("navigator.clipboard.readText()")
    assert copied == payment["telegram_payment_charge_id"]


async def test_the_sheet_says_why_the_bot_refuses_and_lets_one_try_again(visit: Visit) -> None:
    await sell(visit)
    await visit.button(PAY).click()
    confirm = sheet(visit).get_by_role("button", name="Pay ⭐ 50")
    await confirm.click()
    await expect(confirm).to_have_attribute("aria-busy", "true")
    await answer(visit, ok=False, error_message="Sold out")
    await expect(sheet(visit).get_by_role("alert")).to_have_text("Sold out")
    await confirm.click()
    await answer(visit, ok=True)
    await expect(visit.messages.last).to_have_text("You paid ⭐ 50")


async def test_a_refund_is_told_and_the_stars_are_back(visit: Visit) -> None:
    await sell(visit)
    await visit.button(PAY).click()
    await sheet(visit).get_by_role("button", name="Pay ⭐ 50").click()
    await answer(visit, ok=True)
    payment = (await visit.bot.next_update("message"))["successful_payment"]
    charge_id = payment["telegram_payment_charge_id"]
    refund = {"user_id": visit.chat_id, "telegram_payment_charge_id": charge_id}
    await visit.bot.call("refundStarPayment", **refund)
    await expect(visit.messages.last).to_have_text("You got ⭐ 50 back")
    await sell(visit)
    await visit.button(PAY).click()
    await expect(sheet(visit)).to_contain_text("You have⭐ 1,000")


async def test_who_has_too_few_stars_can_not_pay(visit: Visit) -> None:
    await sell(visit, prices=[{"label": "Units", "amount": 1001}])
    await visit.button("Pay ⭐️1001").click()
    await expect(sheet(visit).get_by_role("alert")).to_have_text("You do not have enough Stars.")
    await expect(sheet(visit).get_by_role("button", name="Pay ⭐ 1001")).to_be_disabled()
    await visit.page.keyboard.press("Escape")
    await expect(sheet(visit)).to_be_hidden()
    await expect(visit.button("Pay ⭐️1001")).to_be_focused()


@pytest.mark.parametrize(
    ("locale", "pay", "mine", "told"),
    [
        ("en-US", "Pay ⭐ 50", "You have", "You paid ⭐ 50"),
        ("ru-RU", "Заплатить ⭐ 50", "У вас", "Вы заплатили ⭐ 50"),
    ],
)
async def test_on_a_phone_in_both_languages(
    site: Site, locale: str, pay: str, mine: str, told: str
) -> None:
    visit = await site.visit(PHONE, locale=locale)
    long = {"title": "W" * 32, "description": "W" * 255}
    await sell(visit, **long)
    await visit.button(PAY).click()
    await expect(sheet(visit)).to_contain_text(mine)
    width = await visit.page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE[0]
    box = await sheet(visit).bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE[0]
    await sheet(visit).get_by_role("button", name=pay).click()
    await answer(visit, ok=True)
    await expect(visit.messages.last).to_have_text(told)
