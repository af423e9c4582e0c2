"""The drawer's part about the emulated language models."""

import pytest
from playwright.async_api import APIResponse, expect

from tests.support.chat_page import DESKTOP, PHONE, Site, Visit

pytestmark = pytest.mark.slow


async def ask(visit: Visit, question: str) -> APIResponse:
    """As the bot asks, at the same origin."""
    return await visit.page.request.post(
        "/openai/v1/chat/completions",
        headers={"Authorization": "Bearer demo-key"},
        data={"model": "gpt-5-mini", "messages": [{"role": "user", "content": question}]},
    )


async def open_models(visit: Visit) -> None:
    await visit.page.keyboard.press("Control+Backquote")
    await visit.page.get_by_role("tab").nth(1).click()


async def test_requests_are_shown_as_they_come_and_open_to_their_messages(visit: Visit) -> None:
    await open_models(visit)
    await expect(visit.page.get_by_text("Nothing has been asked yet.")).to_be_visible()
    await ask(visit, "What is a window?")
    row = visit.page.locator(".call")
    await expect(row).to_contain_text("gpt-5-mini")
    await expect(row).to_contain_text("200")
    await expect(row).to_contain_text("answer · finished · tokens: 18 in")
    await row.locator("summary").click()
    await expect(row.get_by_text("user What is a window?")).to_be_visible()

    await ask(visit, "And what is a door?")
    await expect(visit.page.locator(".call")).to_have_count(2)
    await expect(visit.page.locator(".call").first).to_contain_text("gpt-5-mini")
    await expect(visit.page.get_by_text("user What is a window?")).to_be_visible()


async def test_a_fault_is_ordered_seen_waiting_and_happens(visit: Visit) -> None:
    await open_models(visit)
    page = visit.page
    await page.get_by_role("combobox", name="Fault", exact=True).select_option(
        "429: too many requests an hour"
    )
    await expect(page.get_by_label("Seconds")).to_be_hidden()
    await page.get_by_label("Only questions with").fill("bad")
    await page.get_by_label("Times").fill("2")
    await page.get_by_label("Times").press("Enter")
    await expect(page.get_by_text("Waiting: 429: too many requests an hour × 2")).to_be_visible()

    assert (await ask(visit, "good")).status == 200
    assert (await ask(visit, "bad")).status == 429
    await expect(page.locator(".call.bad")).to_contain_text("answer · refused")
    await expect(
        page.get_by_text("Waiting: 429: too many requests an hour", exact=False)
    ).to_be_visible()
    await visit.button("Clear").click()
    await expect(page.locator("#panel-models")).to_contain_text("No fault is waiting.")
    assert (await ask(visit, "bad")).status == 200


async def test_seconds_are_asked_for_where_they_count(visit: Visit) -> None:
    await open_models(visit)
    page = visit.page
    await page.get_by_role("combobox", name="Fault", exact=True).select_option(
        "silence inside the answer"
    )
    await page.get_by_label("Seconds").fill("0.5")
    await visit.button("Order").click()
    await expect(page.get_by_text("Waiting: silence inside the answer")).to_be_visible()
    faults = await (await page.request.get("/sim/llm/faults")).json()
    assert [(fault["kind"], fault["seconds"]) for fault in faults["faults"]] == [
        ("stall_inside", 0.5)
    ]


async def test_the_speed_is_shown_and_set(visit: Visit) -> None:
    await visit.page.request.post("/sim/llm/pace", data={"token_seconds": 0.125})
    await open_models(visit)
    speed = visit.page.get_by_label("Speed")
    await expect(speed).to_have_value("8")
    await speed.select_option("50 tokens a second")
    await visit.page.wait_for_function(
        "async () => (await (await fetch('/sim/llm/pace')).json()).token_seconds === 0.02"
    )
    await expect(speed).to_have_value("50")


async def test_tabs_go_by_arrow_keys(visit: Visit) -> None:
    await visit.button("Developer").click()
    tabs = visit.page.get_by_role("tab")
    await expect(tabs.first).to_have_attribute("aria-selected", "true")
    await tabs.first.focus()
    await visit.page.keyboard.press("ArrowRight")
    await expect(tabs.nth(1)).to_be_focused()
    await expect(tabs.nth(1)).to_have_attribute("aria-selected", "true")
    await expect(visit.page.get_by_role("tabpanel", name="Models")).to_be_visible()
    await expect(visit.page.get_by_role("tabpanel", name="Bot API")).to_be_hidden()
    await visit.page.keyboard.press("ArrowRight")
    await expect(tabs.first).to_be_focused()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_russians_find_it_in_russian_and_it_fits(site: Site, size: tuple[int, int]) -> None:
    visit = await site.visit(size, locale="ru-RU")
    await ask(visit, "слово" * 100)
    await open_models(visit)
    await expect(visit.page.get_by_role("heading", name="Запросы к моделям")).to_be_visible()
    await expect(visit.page.locator(".call")).to_contain_text("ответ · закончен")
    await visit.page.locator(".call summary").click()
    for name in ("html", "#drawer", "#panel-models"):
        width, room = await visit.page.locator(name).evaluate(
            "element => [element.scrollWidth, element.clientWidth]"
        )
        assert width <= room <= size[0], name


async def test_both_languages_have_the_same_words(visit: Visit) -> None:
    keys = await visit.page.evaluate(
        """async () => {
          const words = await Promise.all(['en', 'ru'].map((name) =>
            import(`/page/js/words/models/${name}.js`)));
          return [Object.keys(words[0].en), Object.keys(words[1].ru)];
        }"""
    )
    assert keys[0] == keys[1]
