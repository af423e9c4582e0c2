"""Buttons under messages: what the visitor sees while the bot thinks, and after."""

import pytest
from playwright.async_api import expect

from tests.support.chat_page import Visit
from tests.support.running_emulator import button, keyboard

pytestmark = pytest.mark.slow


async def test_a_click_waits_with_a_spinner_and_shows_the_answer(visit: Visit) -> None:
    await visit.bot.send(visit.chat_id, "Menu", reply_markup=keyboard([button("Save")]))
    await visit.button("Save").click()
    query = await visit.bot.next_update("callback_query")
    assert query["data"] == "Save"
    await expect(visit.button("Save")).to_have_attribute("aria-busy", "true")
    await visit.bot.call("answerCallbackQuery", callback_query_id=query["id"], text="Saved")
    await expect(visit.page.locator(".toast")).to_have_text("Saved")
    await expect(visit.button("Save")).not_to_have_attribute("aria-busy", "true")


async def test_an_alert_must_be_confirmed(visit: Visit) -> None:
    await visit.bot.send(visit.chat_id, "Menu", reply_markup=keyboard([button("Balance")]))
    await visit.button("Balance").click()
    query = await visit.bot.next_update("callback_query")
    await visit.bot.call(
        "answerCallbackQuery", callback_query_id=query["id"], text="12 left", show_alert=True
    )
    alert = visit.page.get_by_role("alertdialog")
    await expect(alert).to_contain_text("12 left")
    await visit.page.keyboard.press("Enter")
    await expect(alert).to_be_hidden()
    await expect(visit.button("Balance")).to_be_focused()


async def test_buttons_that_are_no_callbacks(visit: Visit) -> None:
    markup = keyboard(
        [button("Site", url="https://example.org/"), button("Later", disabled={})],
        [button("Code", copy_text={"text": "okno-42"})],
        [button("App", web_app={"url": "https://example.org/app"})],
    )
    await visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await visit.bot.send(visit.chat_id, "All kinds", reply_markup=markup)
    site = visit.page.get_by_role("link", name="Site")
    await expect(site).to_have_attribute("href", "https://example.org/")
    await expect(site).to_have_attribute("rel", "noopener noreferrer")
    await expect(visit.button("Later")).to_be_disabled()
    await visit.page.get_by_role("button", name="Code").click()
    await expect(visit.page.locator(".toast")).to_have_text("Copied")
    assert await visit.page.evaluate("navigator.clipboard.readText()") == "okno-42"
    await visit.page.get_by_role("button", name="App").click()
    await expect(visit.page.get_by_role("dialog")).to_contain_text("https://example.org/app")


async def test_a_reply_keyboard_sends_its_labels_until_it_is_removed(visit: Visit) -> None:
    markup = {"keyboard": [[{"text": "Yes"}, {"text": "No"}]], "input_field_placeholder": "Well?"}
    await visit.bot.send(visit.chat_id, "Sure?", reply_markup=markup)
    await expect(visit.field).to_have_attribute("placeholder", "Well?")
    await visit.button("Yes").click()
    assert (await visit.bot.next_update("message"))["text"] == "Yes"
    await visit.bot.send(visit.chat_id, "Fine", reply_markup={"remove_keyboard": True})
    await expect(visit.button("Yes")).to_have_count(0)
