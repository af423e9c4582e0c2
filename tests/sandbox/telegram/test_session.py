"""The in-process session: a real Bot and a real Dispatcher without a network."""

import asyncio

import pytest
from aiogram import Bot, Dispatcher, F
from aiogram.client.default import DefaultBotProperties
from aiogram.enums import ParseMode
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramNotFound,
)
from aiogram.methods import SendMessage
from aiogram.types import (
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    Update,
)

from sandbox.telegram import Emulator, EmulatorSession
from sandbox.telegram.core.calls import MAX_CALLS
from sandbox.telegram.core.people import User
from tests.support.wait import TIMEOUT

MENU = InlineKeyboardMarkup(
    inline_keyboard=[[InlineKeyboardButton(text="Again", callback_data="again")]]
)


async def test_refusals_are_aiograms_exceptions(bot: Bot, emulator: Emulator, anna: User) -> None:
    with pytest.raises(TelegramBadRequest, match="text must be non-empty"):
        await bot.send_message(anna.id, " ")
    emulator.block(anna.id)
    with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
        await bot.send_message(anna.id, "Hi")


async def test_the_defaults_of_the_bot_are_sent(emulator: Emulator, anna: User) -> None:
    defaults = DefaultBotProperties(parse_mode=ParseMode.HTML, protect_content=True)
    bot = Bot("1:demo", session=EmulatorSession(emulator), default=defaults)
    message = await bot.send_message(
        anna.id, "<b>Hi</b>", link_preview_options=LinkPreviewOptions(is_disabled=True)
    )
    assert message.text == "Hi"
    assert message.has_protected_content
    assert message.link_preview_options
    assert message.link_preview_options.is_disabled
    [call] = emulator.calls()
    assert call.params["parse_mode"] == "HTML"
    assert call.unknown == []


async def test_a_returned_message_knows_its_bot(bot: Bot, anna: User) -> None:
    message = await bot.send_message(anna.id, "Hi")
    reply = await message.reply("Ho")
    assert reply.reply_to_message
    assert reply.reply_to_message.message_id == message.message_id


async def test_the_log_has_what_was_sent_and_what_came_back(
    bot: Bot, emulator: Emulator, anna: User
) -> None:
    await bot.send_message(anna.id, "Hi", reply_markup=MENU)
    with pytest.raises(TelegramBadRequest):
        await bot.delete_message(anna.id, 9)
    sent, deleted = emulator.calls()
    assert sent.method == "sendMessage"
    assert sent.params == {
        "chat_id": anna.id,
        "text": "Hi",
        "reply_markup": {"inline_keyboard": [[{"text": "Again", "callback_data": "again"}]]},
    }
    assert (sent.status, sent.description) == (200, None)
    assert deleted.status == 400
    assert deleted.description == "Bad Request: message to delete not found"
    assert emulator.calls("deletemessage") == [deleted]


async def test_unknown_fields_get_there_to_be_noted(
    bot: Bot, emulator: Emulator, anna: User
) -> None:
    await bot(SendMessage(chat_id=anna.id, text="Hi", colour="red"))
    assert emulator.calls()[0].unknown == ["colour"]


async def test_a_dispatcher_answers_a_fed_click(bot: Bot, emulator: Emulator, anna: User) -> None:
    dispatcher = Dispatcher()

    @dispatcher.callback_query(F.data == "again")
    async def again(query: CallbackQuery) -> None:
        assert isinstance(query.message, Message)
        await query.message.edit_text("Twice", reply_markup=MENU)
        await query.answer("Done")

    message = await bot.send_message(anna.id, "Once", reply_markup=MENU)
    query_id = emulator.click(anna.id, message.message_id, text="Again")
    for update in emulator.take_updates():
        await dispatcher.feed_update(bot, Update.model_validate(update))
    assert emulator.transcript(anna.id)["messages"][0]["text"] == "Twice"
    answer = emulator.callback_answer(query_id)
    assert answer
    assert answer.text == "Done"
    assert emulator.unanswered() == []


async def test_a_polling_bot_works_in_process(bot: Bot, emulator: Emulator, anna: User) -> None:
    dispatcher = Dispatcher()
    answered = asyncio.Event()

    @dispatcher.message()
    async def echo(message: Message) -> None:
        await message.answer(message.text or "")
        answered.set()

    polling = asyncio.get_running_loop().create_task(
        dispatcher.start_polling(bot, handle_signals=False)
    )
    emulator.say(anna.id, "Hi")
    async with asyncio.timeout(TIMEOUT):
        await answered.wait()
    await dispatcher.stop_polling()
    await polling
    assert [view["author"] for view in emulator.transcript(anna.id)["messages"]] == ["user", "bot"]


async def test_closing_ends_a_waiting_poll(bot: Bot) -> None:
    poll = asyncio.get_running_loop().create_task(bot.get_updates(timeout=50))
    await asyncio.sleep(0)
    await bot.session.close()
    assert await poll == []


async def test_a_webhook_excludes_polling(bot: Bot) -> None:
    await bot.set_webhook("https://example.org")
    with pytest.raises(TelegramConflictError, match="while webhook is active"):
        await bot.get_updates()


async def test_a_second_emulator_knows_nothing_of_the_first(bot: Bot, anna: User) -> None:
    other = Bot("1:demo", session=EmulatorSession(Emulator()))
    assert (await bot.get_chat(anna.id)).first_name == "Anna"
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await other.get_chat(anna.id)


async def test_an_unknown_method_is_not_found(bot: Bot) -> None:
    class SendTelepathy(SendMessage):
        __api_method__ = "sendTelepathy"

    with pytest.raises(TelegramNotFound, match="method not found"):
        await bot(SendTelepathy.model_validate({"chat_id": 1, "text": "…"}))


def test_only_the_newest_calls_are_kept(emulator: Emulator) -> None:
    emulator.call("logOut")
    for _ in range(MAX_CALLS):
        emulator.call("close")
    assert len(emulator.calls()) == MAX_CALLS
    assert emulator.calls("logOut") == []
    emulator.clear_calls()
    assert emulator.calls() == []
