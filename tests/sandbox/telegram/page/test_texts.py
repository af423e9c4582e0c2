"""Formatted texts on the page: safe whatever they contain."""

import pytest
from playwright.async_api import expect

from tests.support.chat_page import Visit

pytestmark = pytest.mark.slow

ADDRESSES = {
    "https://example.org/a?b=1": "https://example.org/a?b=1",
    "example.org": "http://example.org/",
    "tg://user?id=1": "tg://user?id=1",
    "javascript:alert(1)": None,
    " JaVaScRiPt:alert(1)": None,
    "java\nscript:alert(1)": None,
    "data:text/html,x": None,
    "blob:https://example.org/1": None,
    "": None,
}
SAFE_URLS = """async (addresses) => {
  const { safeUrl } = await import('/page/js/render/links.js');
  return addresses.map(safeUrl);
}"""


SHOW_ENTITIES = """async ([text, entities]) => {
  const { formatted } = await import('/page/js/render/entities.js');
  const box = document.createElement('div');
  box.append(...formatted(text, entities, {}));
  return box.innerHTML;
}"""


async def test_markup_in_a_text_stays_text(visit: Visit) -> None:
    text = "<img src=x onerror='document.title=1'><script>document.title=2</script>"
    await visit.bot.send(visit.chat_id, text)
    await expect(visit.messages.locator(".text")).to_contain_text(text)
    await expect(visit.messages.locator("img, script")).to_have_count(0)


async def test_entities_become_nested_elements(visit: Visit) -> None:
    text = '😀 <b>bold <i>both</i></b> <pre><code class="language-python">1 &lt; 2</code></pre>'
    await visit.bot.send(visit.chat_id, text, parse_mode="HTML")
    await expect(visit.messages.locator("strong").first).to_have_text("bold ")
    await expect(visit.messages.locator("strong em")).to_have_text("both")
    await expect(visit.messages.locator("pre code")).to_have_text("1 < 2")
    await expect(visit.messages.locator("figcaption")).to_contain_text("python")


async def test_entities_that_overlap_are_cut_not_lost(visit: Visit) -> None:
    entities = [
        {"type": "bold", "offset": 0, "length": 4},
        {"type": "italic", "offset": 2, "length": 4},
        {"type": "code", "offset": 6, "length": 99},
    ]
    shown = await visit.page.evaluate(SHOW_ENTITIES, ["abcdefgh", entities])
    bold = "<strong>ab<em>cd</em></strong>"
    assert shown == f"{bold}<em>ef</em><code>gh</code>"


async def test_a_spoiler_opens_by_keyboard(visit: Visit) -> None:
    await visit.bot.send(visit.chat_id, "A <tg-spoiler>secret</tg-spoiler>", parse_mode="HTML")
    cover = visit.button("Hidden text: press to reveal")
    await expect(visit.page.locator(".spoiler-text")).to_have_attribute("aria-hidden", "true")
    await cover.focus()
    await cover.press("Enter")
    await expect(cover).to_be_hidden()
    await expect(visit.page.locator(".spoiler-text")).not_to_have_attribute("aria-hidden", "true")


async def test_only_safe_addresses_become_links(visit: Visit) -> None:
    found = await visit.page.evaluate(SAFE_URLS, list(ADDRESSES))
    assert found == list(ADDRESSES.values())
