"""Writing and sending on the page."""

from playwright.async_api import FilePayload, expect

from tests.support.chat_page import Visit

DROP_PICTURE = """async () => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 40, height: 30 });
  canvas.getContext('2d').fillRect(0, 0, 20, 30);
  const content = await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([content], 'dot.png', { type: 'image/png' }));
  const drop = new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true });
  document.querySelector('.chat').dispatchEvent(drop);
}"""


async def test_start_on_an_empty_chat_sends_the_command(visit: Visit) -> None:
    await visit.button("Start").click()
    assert (await visit.bot.next_update("message"))["text"] == "/start"
    await expect(visit.messages).to_have_count(1)
    await expect(visit.button("Start")).to_be_hidden()
    await expect(visit.field).to_be_focused()


async def test_enter_sends_and_shift_enter_begins_a_line(visit: Visit) -> None:
    await visit.begin()
    await visit.field.press_sequentially("one")
    await visit.field.press("Shift+Enter")
    await visit.field.press_sequentially("two")
    await visit.field.press("Enter")
    assert (await visit.bot.next_update("message"))["text"] == "one\ntwo"
    await expect(visit.field).to_have_value("")


async def test_commands_are_offered_while_typing_and_by_the_menu(visit: Visit) -> None:
    commands = [
        {"command": "help", "description": "What I can do"},
        {"command": "settings", "description": "Language"},
    ]
    await visit.bot.call("setMyCommands", commands=commands)
    await visit.begin("Try /help")
    options = visit.page.get_by_role("option")
    await visit.field.press_sequentially("/se")
    await expect(options).to_have_count(1)
    await visit.field.press("Enter")
    assert (await visit.bot.next_update("message"))["text"] == "/settings"

    await visit.button("Menu").click()
    await expect(options).to_have_count(2)
    await visit.page.keyboard.press("ArrowDown")
    await visit.page.keyboard.press("Escape")
    await expect(options).to_have_count(0)
    await expect(visit.field).to_be_focused()

    await visit.messages.first.get_by_role("button", name="/help").click()
    assert (await visit.bot.next_update("message"))["text"] == "/help"


async def test_a_file_goes_to_the_bot_with_its_caption(visit: Visit) -> None:
    await visit.bot.send(visit.chat_id, "Send me something")
    notes = FilePayload(name="notes.txt", mimeType="text/plain", buffer=b"hello")
    await visit.page.locator("input[type=file]").set_input_files(notes)
    await visit.page.get_by_label("Caption").fill("For you")
    await visit.page.get_by_role("dialog").get_by_role("button", name="Send").click()
    message = await visit.bot.next_update("message")
    assert message["document"]["file_name"] == "notes.txt"
    assert message["caption"] == "For you"
    await expect(visit.page.get_by_role("link", name="Download notes.txt")).to_be_visible()


async def test_a_dropped_picture_is_sent_as_a_photo_and_can_be_enlarged(visit: Visit) -> None:
    await visit.bot.send(visit.chat_id, "Send me a picture")
    await visit.page.evaluate(DROP_PICTURE)
    await visit.page.get_by_role("dialog").get_by_role("button", name="Send").click()
    assert (await visit.bot.next_update("message"))["photo"]
    await visit.button("Enlarge the photo").click()
    await expect(visit.page.get_by_role("dialog", name="Photo")).to_be_visible()
    await visit.page.keyboard.press("Escape")
    await expect(visit.page.get_by_role("dialog")).to_have_count(0)


async def test_a_blocked_bot_can_be_unblocked(visit: Visit) -> None:
    await visit.bot.send(visit.chat_id, "Hello")
    await visit.button("Chat menu").click()
    await visit.page.get_by_role("menuitem", name="Block the bot").click()
    assert (await visit.bot.next_update("my_chat_member"))["new_chat_member"]["status"] == "kicked"
    await expect(visit.field).to_be_hidden()
    await visit.button("Unblock").click()
    await expect(visit.field).to_be_visible()
