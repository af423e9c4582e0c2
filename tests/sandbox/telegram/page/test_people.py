"""The people of the page: each visitor is a new person, and several can be used side by side."""

import re

import pytest
from playwright.async_api import expect

from tests.support.chat_page import Site, Visit

pytestmark = pytest.mark.slow


async def test_every_browser_is_somebody_else(site: Site) -> None:
    one, two = await site.visit(), await site.visit()
    assert one.chat_id != two.chat_id
    await site.bot.send(one.chat_id, "Only for one")
    await expect(one.messages).to_contain_text("Only for one")
    await expect(two.messages).to_have_count(0)


async def test_a_browser_comes_back_as_the_same_person(visit: Visit) -> None:
    again = await visit.page.context.new_page()
    await again.goto("/")
    await again.wait_for_url(f"**/#user={visit.chat_id}")


async def test_another_person_is_added_and_opened_beside(visit: Visit) -> None:
    page = visit.page
    await visit.button("Add a person").click()
    await page.get_by_label("First name").fill("Vera")
    await page.get_by_label("Username").fill("@vera_l")
    await page.get_by_label("Language").select_option("ru")
    await visit.button("Add").click()
    vera = page.get_by_role("region", name="Vera")
    await expect(vera.get_by_role("button", name="Start")).to_be_focused()
    await vera.get_by_role("button", name="Start").click()
    author = (await visit.bot.next_update("message"))["from"]
    assert (author["first_name"], author["username"], author["language_code"]) == (
        "Vera",
        "vera_l",
        "ru",
    )

    first_row = page.locator(".person").first
    await first_row.hover()
    await first_row.get_by_role("button", name=re.compile("beside")).click()
    await expect(page.locator(".chat")).to_have_count(2)
    await expect(page).to_have_url(re.compile(rf"#user={author['id']},{visit.chat_id}$"))


async def test_a_forgotten_person_is_quietly_made_again(visit: Visit) -> None:
    name = await visit.page.locator(".you-name").inner_text()
    await visit.page.evaluate("fetch('/sim/reset', { method: 'POST' })")
    await expect(visit.page).not_to_have_url(re.compile(rf"#user={visit.chat_id}$"))
    await expect(visit.page.locator(".you-name")).to_have_text(name)
    await visit.button("Start").click()
    assert (await visit.bot.next_update("message"))["from"]["id"] != visit.chat_id
