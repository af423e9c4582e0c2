"""Scripted trouble, in process and over HTTP."""

import pytest
from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramBadRequest,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)

from sandbox.telegram import Emulator, Fault, FaultKind
from sandbox.telegram.core.people import User


@pytest.fixture(params=["in process", "over HTTP"])
def any_bot(request: pytest.FixtureRequest) -> Bot:
    """Both ways in must fail in the same way."""
    name = "bot" if request.param == "in process" else "http_bot"
    bot: Bot = request.getfixturevalue(name)
    return bot


def messages(emulator: Emulator, user: User) -> list[str]:
    return [message["text"] for message in emulator.transcript(user.id)["messages"]]


async def test_an_error_of_any_words(any_bot: Bot, emulator: Emulator, anna: User) -> None:
    emulator.add_fault(Fault(code=400, description="Bad Request: CHAT_RESTRICTED"))
    with pytest.raises(TelegramBadRequest, match="CHAT_RESTRICTED"):
        await any_bot.send_message(anna.id, "Hi")
    [call] = emulator.calls("sendMessage")
    assert (call.status, call.description) == (400, "Bad Request: CHAT_RESTRICTED")
    assert messages(emulator, anna) == []


async def test_flood_control(any_bot: Bot, emulator: Emulator, anna: User) -> None:
    emulator.add_fault(Fault("sendMessage", retry_after=7, times=2))
    for _ in range(2):
        with pytest.raises(TelegramRetryAfter) as caught:
            await any_bot.send_message(anna.id, "Hi")
        assert caught.value.retry_after == 7
    assert (await any_bot.send_message(anna.id, "Hi")).message_id == 1


async def test_an_internal_error(any_bot: Bot, emulator: Emulator) -> None:
    emulator.add_fault(Fault())
    with pytest.raises(TelegramServerError, match="Internal Server Error"):
        await any_bot.get_me()


async def test_an_answer_that_is_no_json(any_bot: Bot, emulator: Emulator, anna: User) -> None:
    emulator.add_fault(Fault(kind=FaultKind.NOT_JSON))
    with pytest.raises(ClientDecodeError):
        await any_bot.send_message(anna.id, "Hi")
    assert messages(emulator, anna) == []


async def test_a_dropped_connection(any_bot: Bot, emulator: Emulator, anna: User) -> None:
    emulator.add_fault(Fault(kind=FaultKind.DROP))
    with pytest.raises(TelegramNetworkError, match="ServerDisconnectedError"):
        await any_bot.send_message(anna.id, "Hi")
    assert messages(emulator, anna) == []


async def test_a_reply_lost_after_the_effect(any_bot: Bot, emulator: Emulator, anna: User) -> None:
    emulator.add_fault(Fault(kind=FaultKind.LOST_REPLY))
    with pytest.raises(TelegramNetworkError, match="ServerDisconnectedError"):
        await any_bot.send_message(anna.id, "Hi")
    assert messages(emulator, anna) == ["Hi"]


async def test_a_slow_answer_arrives(any_bot: Bot, emulator: Emulator, anna: User) -> None:
    emulator.add_fault(Fault(kind=FaultKind.SLOW, delay=0.01))
    await any_bot.send_message(anna.id, "Hi")
    assert messages(emulator, anna) == ["Hi"]


async def test_an_answer_that_is_too_slow_is_a_network_error_after_the_effect(
    bot: Bot, emulator: Emulator, anna: User
) -> None:
    emulator.add_fault(Fault(kind=FaultKind.SLOW, delay=60))
    with pytest.raises(TelegramNetworkError, match="Request timeout error"):
        await bot.send_message(anna.id, "Hi", request_timeout=0)
    assert messages(emulator, anna) == ["Hi"]


async def test_a_fault_befalls_its_method_and_its_text_only(
    bot: Bot, emulator: Emulator, anna: User
) -> None:
    emulator.add_fault(Fault("SENDMESSAGE", contains="bad"))
    await bot.get_me()
    await bot.send_message(anna.id, "good")
    assert [fault.times for fault in emulator.faults] == [1]
    with pytest.raises(TelegramServerError):
        await bot.send_message(anna.id, "too bad")
    assert list(emulator.faults) == []


async def test_faults_can_be_called_off(bot: Bot, emulator: Emulator) -> None:
    emulator.add_fault(Fault())
    emulator.clear_faults()
    assert (await bot.get_me()).id == 1
