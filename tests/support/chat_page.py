"""The emulator's chat page as a visitor sees it."""

import re
from contextlib import AsyncExitStack
from dataclasses import dataclass

from playwright.async_api import Browser, Locator, Page, expect

from tests.support.browser import watched_context
from tests.support.running_emulator import BotSide

PHONE = (360, 640)
DESKTOP = (1280, 800)


@dataclass(frozen=True, slots=True)
class Visit:
    """One person with the page open, and the bot they talk to."""

    page: Page
    bot: BotSide
    chat_id: int

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    @property
    def field(self) -> Locator:
        return self.page.get_by_label("Message", exact=True)

    async def begin(self, text: str = "Hello") -> None:
        """The bot writes first; returns when the page has made way for the visitor's answer."""
        await self.bot.send(self.chat_id, text)
        await expect(self.field).to_be_visible()

    @property
    def messages(self) -> Locator:
        return self.page.locator(".message:not(.draft)")


@dataclass(frozen=True, slots=True)
class Site:
    """One emulator with its page; everyone who visits it leaves when the stack closes."""

    browser: Browser
    bot: BotSide
    stack: AsyncExitStack

    async def visit(self, size: tuple[int, int] = DESKTOP, *, locale: str = "en-US") -> Visit:
        """Open the page as a new visitor."""
        width, height = size
        context = await self.stack.enter_async_context(
            watched_context(
                self.browser, self.bot.address, width=width, height=height, locale=locale
            )
        )
        page = await context.new_page()
        await page.goto("/")
        await page.wait_for_url(re.compile(r"#user=\d+$"))
        await expect(page.get_by_role("log")).to_have_attribute("aria-busy", "false")
        return Visit(page, self.bot, int(page.url.rpartition("=")[2]))
