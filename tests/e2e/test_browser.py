"""A newcomer in the browser, talking to the real bot on the emulator's page."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.e2e.conftest import StartBot, Telegram
from tests.e2e.process import BotProcess
from tests.support.browser import watched_context

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
async def bot(browser: Browser, start_bot: StartBot) -> BotProcess:
    return await start_bot()


@pytest.fixture
async def page(browser: Browser, bot: BotProcess, telegram: Telegram) -> AsyncIterator[Page]:
    async with watched_context(
        browser, telegram.address, width=390, height=844, locale="en-US"
    ) as context:
        page = await context.new_page()
        await page.goto("/")
        yield page


def window(page: Page) -> Locator:
    """The newest message in the chat."""
    return page.locator(".message:not(.draft)").last


async def press(page: Page, name: str) -> None:
    await window(page).get_by_role("button", name=name).click()


async def test_a_newcomer_goes_through_everything(page: Page) -> None:
    await page.get_by_role("button", name="Start", exact=True).click()
    await expect(window(page)).to_contain_text("Which language shall we speak?")
    await press(page, "English ✓")
    await expect(window(page)).to_contain_text("Welcome")
    await press(page, "☰ Menu")
    await expect(window(page)).to_contain_text("What shall we do")

    await press(page, "⚙️ Settings")
    await press(page, "🌐 Language")
    await press(page, "Русский")
    await expect(window(page)).to_contain_text("Вы с Окном с")

    await press(page, "📄 Мои данные")
    await expect(page.get_by_text("okno-data.json")).to_be_visible()
    await expect(window(page)).to_contain_text("Настройки")

    await press(page, "🗑 Удалить учётную запись")
    await press(page, "Продолжить")
    await press(page, "Удалить навсегда")
    await expect(window(page)).to_contain_text("Учётная запись удалена")
    await expect(page.get_by_role("button", name="☰ Меню")).to_have_count(0)


async def test_commands_are_chosen_from_the_menu(page: Page) -> None:
    await page.get_by_role("button", name="Start", exact=True).click()
    await press(page, "English ✓")
    await expect(window(page)).to_contain_text("Welcome")

    await page.get_by_role("button", name="Menu", exact=True).click()
    await page.get_by_role("option", name="/help").click()

    await expect(window(page)).to_contain_text("any text is a question")
