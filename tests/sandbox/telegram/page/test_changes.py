"""Changes in a chat: edits, deletions, drafts, a lost connection."""

import socket
from contextlib import AsyncExitStack

import pytest
from aiohttp import ClientSession
from playwright.async_api import Browser, expect

from sandbox.telegram import Emulator
from tests.support.chat_page import Site, Visit
from tests.support.running_emulator import BotSide, button, keyboard, serving

pytestmark = pytest.mark.slow


async def test_an_edit_changes_the_message_in_place(visit: Visit) -> None:
    markup = keyboard([button("Next"), button("Stay")])
    message_id = await visit.bot.send(visit.chat_id, "Page 1", reply_markup=markup)
    await visit.button("Next").focus()
    element = await visit.messages.element_handle()
    await visit.bot.call(
        "editMessageText",
        chat_id=visit.chat_id,
        message_id=message_id,
        text="Page 2",
        reply_markup=keyboard([button("Back"), button("Stay")]),
    )
    await expect(visit.messages).to_contain_text("Page 2")
    await expect(visit.messages).to_contain_text("edited")
    assert await visit.page.evaluate("old => old.isConnected", element)
    await expect(visit.button("Back")).to_be_focused()


async def test_a_deleted_message_goes(visit: Visit) -> None:
    first = await visit.bot.send(visit.chat_id, "One")
    await visit.bot.send(visit.chat_id, "Two")
    await expect(visit.messages).to_have_count(2)
    await visit.bot.call("deleteMessage", chat_id=visit.chat_id, message_id=first)
    await expect(visit.messages).to_have_count(1)
    await expect(visit.messages).to_contain_text("Two")


async def test_a_draft_grows_can_be_stopped_and_becomes_the_answer(visit: Visit) -> None:
    draft = {"chat_id": visit.chat_id, "draft_id": 7, "can_stop": True}
    shown = visit.page.locator(".draft .text")
    await visit.bot.send(visit.chat_id, "Hello")
    await visit.bot.call("sendMessageDraft", **draft)
    await expect(shown).to_have_text("Thinking…")
    for text in ("The sky", "The sky is blue"):
        await visit.bot.call("sendMessageDraft", **draft, text=text)
        await expect(shown).to_have_text(text)
    await visit.button("Stop").click()
    await visit.bot.next_update("stopped_message_generation")
    await visit.bot.send(visit.chat_id, "The sky is blue.")
    await expect(visit.messages.last).to_contain_text("The sky is blue.")
    await expect(visit.page.locator(".draft")).to_be_hidden()


async def test_typing_is_shown_until_the_message_comes(visit: Visit) -> None:
    await visit.bot.call("sendChatAction", chat_id=visit.chat_id, action="typing")
    await expect(visit.page.locator(".bot-status")).to_have_text("typing")
    await visit.bot.send(visit.chat_id, "Here")
    await expect(visit.page.locator(".bot-status")).to_have_text("bot")


async def test_new_messages_do_not_move_who_reads_older_ones(visit: Visit) -> None:
    for number in range(40):
        await visit.bot.send(visit.chat_id, f"Message {number}")
    await expect(visit.messages).to_have_count(40)
    await expect(visit.messages.last).to_be_in_viewport()
    await visit.page.locator(".viewport").evaluate("element => element.scrollTo(0, 0)")
    await expect(visit.button("To the newest message")).to_be_visible()
    await visit.bot.send(visit.chat_id, "Late")
    await visit.button("New messages: 1").click()
    await expect(visit.messages.last).to_be_in_viewport()
    await expect(visit.page.locator(".to-newest")).to_be_hidden()


async def test_what_was_missed_appears_when_the_connection_is_back(browser: Browser) -> None:
    emulator, port = Emulator(), free_port()
    async with AsyncExitStack() as stack:
        with serving(emulator, port=port) as address:
            http = await stack.enter_async_context(ClientSession())
            visit = await Site(browser, BotSide(http, address), stack).visit()
        await expect(visit.page.get_by_text("Connection lost")).to_be_visible()
        status, _ = emulator.call("sendMessage", {"chat_id": visit.chat_id, "text": "Hi"})
        assert status == 200
        stack.enter_context(serving(emulator, port=port))
        await expect(visit.messages).to_contain_text("Hi")
        await expect(visit.page.get_by_text("Connection lost")).to_be_hidden()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
