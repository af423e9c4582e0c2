"""Small screens, keyboards without a mouse, another language, the developer drawer."""

import pytest
from playwright.async_api import expect

from tests.support.chat_page import PHONE, Site, Visit
from tests.support.running_emulator import button, keyboard

pytestmark = pytest.mark.slow

MARK_PARAMS = """async ([params, unknown]) => {
  const { prettyParams } = await import('/page/js/drawer/params.js');
  return prettyParams(params, unknown)
    .filter((part) => part.localName === 'mark')
    .map((mark) => mark.textContent);
}"""


async def test_a_narrow_phone_never_scrolls_sideways(site: Site) -> None:
    visit = await site.visit(PHONE)
    await site.bot.send(
        visit.chat_id,
        f"{'long' * 60} <pre>{'code ' * 40}</pre>",
        parse_mode="HTML",
        reply_markup=keyboard([button(f"A rather long label {place}") for place in range(3)]),
    )
    await visit.field.fill("word" * 80)
    await visit.field.press("Enter")
    await expect(visit.messages).to_have_count(2)
    for name in ("html", ".viewport", ".composer"):
        width, room = await visit.page.locator(name).evaluate(
            "element => [element.scrollWidth, element.clientWidth]"
        )
        assert width <= room <= PHONE[0], name


async def test_everything_can_be_done_by_keyboard(visit: Visit) -> None:
    keys = visit.page.keyboard
    await expect(visit.button("Start")).to_be_focused()
    await keys.press("Enter")
    assert (await visit.bot.next_update("message"))["text"] == "/start"
    await visit.bot.send(visit.chat_id, "Menu", reply_markup=keyboard([button("Go")]))
    await expect(visit.field).to_be_focused()
    go = visit.button("Go")
    await expect(go).to_be_visible()
    for _ in range(10):
        if await go.evaluate("element => element === document.activeElement"):
            break
        await keys.press("Shift+Tab")
    await expect(go).to_be_focused()
    await keys.press("Enter")
    query = await visit.bot.next_update("callback_query")
    assert query["data"] == "Go"
    await visit.bot.call("answerCallbackQuery", callback_query_id=query["id"])

    await keys.press("Control+Backquote")
    await expect(visit.page.get_by_role("complementary", name="Developer")).to_be_visible()
    await keys.press("Escape")
    await expect(visit.page.get_by_role("complementary", name="Developer")).to_be_hidden()


async def test_the_page_speaks_russian_to_russians(site: Site) -> None:
    visit = await site.visit(PHONE, locale="ru-RU")
    await expect(visit.button("Начать")).to_be_visible()
    await expect(visit.page.get_by_text("ничто не покидает этот компьютер")).to_be_visible()
    assert await visit.page.evaluate("document.documentElement.lang") == "ru"


async def test_the_drawer_shows_calls_and_makes_the_next_one_fail(visit: Visit) -> None:
    markup = keyboard([{"text": "Go", "callback_data": "go", "stlye": "danger"}])
    await visit.bot.send(visit.chat_id, "Menu", reply_markup=markup)
    await visit.button("Developer").click()
    call = visit.page.locator(".call", has_text="sendMessage")
    await expect(call).to_contain_text("unknown: reply_markup.inline_keyboard[0][0].stlye")

    await visit.button("429, wait 3 s").click()
    await expect(visit.page.get_by_text("Waiting: sendMessage 429")).to_be_visible()
    with pytest.raises(AssertionError, match="'retry_after': 3"):
        await visit.bot.send(visit.chat_id, "Refused")
    await expect(visit.page.locator(".call.bad")).to_contain_text("Too Many Requests")


async def test_unknown_fields_are_marked_in_the_parameters(visit: Visit) -> None:
    params = {"reply_markup": '{"inline_keyboard": [[{"text": "Go", "stlye": "danger"}]]}'}
    unknown = ["reply_markup.inline_keyboard[0][0].stlye"]
    marked = await visit.page.evaluate(MARK_PARAMS, [params, unknown])
    assert marked == ["stlye"]
