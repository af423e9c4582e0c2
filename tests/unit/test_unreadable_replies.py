"""No error of a reply that aiogram can't read carries the reply, with messages, into the log."""

import traceback
from typing import Any, cast

import pytest
from aiogram import Bot
from aiogram.exceptions import ClientDecodeError
from aiogram.methods import GetUpdates, SendMessage
from pydantic import SecretStr

from okno.accounts.service import AccountsService
from sandbox.telegram import Emulator, EmulatorSession
from tgbot.client.bot import create_bot
from tgbot.client.unreadable_replies import UnreadableReplyMiddleware
from tgbot.config import TelegramSettings

SECRET = "a message of somebody"
METHOD = SendMessage(chat_id=1, text="x")


@pytest.fixture
def bot() -> Bot:
    return Bot("1:token", session=EmulatorSession(Emulator()))


@pytest.mark.parametrize(
    "reply",
    [
        f'{{"ok": true, "result": {{"text": "{SECRET}"',
        f'{{"ok": true, "result": {{"text": "{SECRET}"}}}}',
    ],
    ids=["not JSON", "not a message"],
)
async def test_the_error_of_an_unreadable_reply_holds_nothing_of_it(bot: Bot, reply: str) -> None:
    async def make_request(bot: Bot, method: SendMessage) -> Any:
        return bot.session.check_response(bot, method, 200, reply)

    with pytest.raises(ClientDecodeError) as raw:
        await make_request(bot, METHOD)
    with pytest.raises(ClientDecodeError) as cleaned:
        await UnreadableReplyMiddleware()(cast(Any, make_request), bot, METHOD)

    assert SECRET in repr(raw.value)
    written = [str(cleaned.value), repr(cleaned.value), *traceback.format_exception(cleaned.value)]
    assert SECRET not in "".join(written)
    assert type(raw.value.original).__name__ in str(cleaned.value)


class UnreadableSession(EmulatorSession):
    """Answers every call with something else than was asked for."""

    async def make_request(self, bot: Bot, method: Any, *_: Any, **__: Any) -> Any:
        return self.check_response(bot, method, 200, f'{{"ok": true, "result": "{SECRET}"}}')


async def test_the_bot_raises_no_other_errors() -> None:
    settings = TelegramSettings(bot_token=SecretStr("1:token"))
    bot = create_bot(settings, cast(AccountsService, None), UnreadableSession(Emulator()))

    with pytest.raises(ClientDecodeError) as raised:
        await bot(GetUpdates())

    assert SECRET not in "".join(traceback.format_exception(raised.value))
