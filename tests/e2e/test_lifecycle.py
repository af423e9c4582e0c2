"""The life of a bot process: a clean end, a crash, and what each leaves to the next."""

import signal

import pytest

from sandbox.telegram import Fault, FaultKind
from tests.e2e.conftest import StartBot, Telegram
from tests.support.client import Client
from tests.support.wait import until

pytestmark = pytest.mark.slow


async def test_a_crash_and_a_clean_end_lose_nothing(
    telegram: Telegram, start_bot: StartBot
) -> None:
    emulator = telegram.emulator
    anna, boris = Client(emulator), Client(emulator, "Boris")
    first = await start_bot("first")
    await anna.say("/start", "Hello, Anna!")
    await until(lambda: first.said("update"), "the end of the update")
    first.signal(signal.SIGKILL)
    await first.wait()

    # The windows of a killed process are alive in the next one.
    second = await start_bot("second")
    await anna.press("English ✓", "Welcome, Anna!")

    # On SIGTERM the update in work is finished, and what comes later is left where it is.
    emulator.add_fault(Fault(method="sendMessage", kind=FaultKind.SLOW, delay=0.5))
    emulator.say(anna.id, "/help")
    await until(lambda: not list(emulator.faults), "the slow call to begin")
    second.signal(signal.SIGTERM)
    await until(lambda: second.said("stopping"), "the stop to begin")
    emulator.say(boris.id, "/start")

    assert await second.wait() == 0
    assert anna.text.startswith("Help")
    assert boris.answers == []
    left = [update["message"]["text"] for update in emulator.take_updates()]
    assert left == ["/start"], "what was handled was not confirmed, or too much was taken"
    assert not [line for line in second.log_lines() if "Traceback" in line]
