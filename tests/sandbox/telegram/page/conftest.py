"""An emulator and a visitor for each test of the page."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from aiohttp import ClientSession
from playwright.async_api import Browser

from sandbox.telegram import Emulator
from tests.support.chat_page import Site, Visit
from tests.support.running_emulator import BotSide, serving


@pytest.fixture
async def site(browser: Browser) -> AsyncIterator[Site]:
    async with AsyncExitStack() as stack:
        address = stack.enter_context(serving(Emulator()))
        http = await stack.enter_async_context(ClientSession())
        yield Site(browser, BotSide(http, address), stack)


@pytest.fixture
async def visit(site: Site) -> Visit:
    return await site.visit()
