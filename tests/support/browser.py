"""Chromium for the tests of web pages: the one that the machine has."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, BrowserContext, Page, Request, async_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_LOST_CONNECTION = "Failed to load resource: net::ERR_"


def find_chromium() -> str | None:
    """Environment variable CHROMIUM, or the first of the usual names in PATH."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium(), args=_ARGUMENTS)
        yield browser
        await browser.close()


class Watch:
    """Notes what no page may do: fail in a script, break its own policy, or call elsewhere."""

    def __init__(self, address: str) -> None:
        self._address = address
        self.faults: list[str] = []

    def page(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda message: self._console(message.type, message.text))
        page.on("request", self._request)

    def _console(self, kind: str, text: str) -> None:
        if kind == "error" and not text.startswith(_LOST_CONNECTION):
            self.faults.append(text)

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self._address, "blob:", "data:")):
            self.faults.append(f"foreign request: {request.url}")


@asynccontextmanager
async def watched_context(
    browser: Browser, address: str, *, width: int, height: int, locale: str
) -> AsyncIterator[BrowserContext]:
    """A visitor of their own, without animations; fails the test for what `Watch` noted."""
    context = await browser.new_context(
        base_url=address,
        locale=locale,
        viewport={"width": width, "height": height},
        reduced_motion="reduce",
    )
    context.set_default_timeout(10_000)
    watch = Watch(address)
    context.on("page", watch.page)
    yield context
    await context.close()
    assert watch.faults == []
