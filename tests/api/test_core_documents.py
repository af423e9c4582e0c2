"""The pages of the contract: they work without the internet, and under a policy."""

import re

import pytest
from playwright.async_api import Browser, expect

from tests.support.api import Api
from tests.support.browser import watched_context


async def test_the_contract_is_there(api: Api) -> None:
    reply = await api.get("/openapi.json")

    assert reply.status == 200
    assert reply.body["servers"] == [{"url": api.address}]


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
async def test_a_page_loads_nothing_from_elsewhere(api: Api, path: str) -> None:
    reply = await api.get(path)

    assert reply.status == 200
    sources = re.findall(r'(?:src|href)="([^"]+)"', reply.body)
    assert sources
    for source in sources:
        assert source.startswith("/"), source
        assert (await api.request("HEAD", source)).status == 200
    assert (
        "'unsafe-inline'" not in reply.headers["Content-Security-Policy"].partition("script-src")[2]
    )


async def test_the_contract_can_be_tried(api: Api, browser: Browser) -> None:
    async with watched_context(
        browser, api.address, width=1280, height=800, locale="en-US"
    ) as context:
        page = await context.new_page()
        await page.goto("/docs")
        await page.get_by_role("button", name="GET /health See").click()
        await page.get_by_role("button", name="Try it out").click()
        await page.get_by_role("button", name="Execute").click()
        await expect(page.get_by_text('"latencyMs"').first).to_be_visible()


async def test_the_contract_can_be_read_without_anybody_else(api: Api, browser: Browser) -> None:
    context = await browser.new_context(base_url=api.address)
    page = await context.new_page()
    done: list[str] = []
    page.on("requestfinished", lambda request: done.append(request.url))

    await page.goto("/redoc")
    await expect(page.get_by_role("heading", name=re.compile("Okno"))).to_be_visible()

    # ReDoc would like to show its own logo.
    assert [url for url in done if not url.startswith((api.address, "blob:"))] == []
    await context.close()


async def test_what_the_pages_load_is_kept_by_browsers(api: Api) -> None:
    first = await api.get("/docs/assets/swagger-ui.css")
    assert first.headers["Cache-Control"] == "public, max-age=86400"

    again = await api.get(
        "/docs/assets/swagger-ui.css", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert (again.status, again.body) == (304, "")
