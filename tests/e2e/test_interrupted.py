"""A bot process that is killed while it writes an answer; the next one tells the user."""

import signal

import pytest
from sqlalchemy import text

from okno.ioc import create_container
from okno.kit.db import Engine
from okno.kit.settings import Settings
from sandbox.llm import Fault, FaultKind, LanguageModelEmulator
from tests.e2e.conftest import StartBot, Telegram
from tests.support.client import Client
from tests.support.wait import until

pytestmark = pytest.mark.slow


async def expire_leases(settings: Settings) -> None:
    """Make all leases expire, as when the process is dead."""
    container = create_container(settings)
    engine = await container.get(Engine)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE generations SET lease_until = now()"))
    await container.close()


async def test_who_waits_for_the_answer_of_a_killed_process_can_try_again(
    telegram: Telegram,
    start_bot: StartBot,
    settings: Settings,
    language_models: LanguageModelEmulator,
) -> None:
    anna = Client(telegram.emulator)
    first = await start_bot("first")
    await anna.say("/start", "Hello, Anna!")
    await anna.press("English ✓", "Welcome, Anna!")
    language_models.add_fault(Fault(FaultKind.STALL_INSIDE, seconds=60))
    telegram.emulator.say(anna.id, "Tell me something in 200 words")
    await until(lambda: language_models.running == 1, "the model to answer")
    first.signal(signal.SIGKILL)
    await first.wait()
    await expire_leases(settings)

    second = await start_bot("second")

    await anna.see("There is no answer")
    assert "I was restarted while I was writing the answer." in anna.text
    language_models.release()
    await anna.press("🔁 Try again", "")
    await until(lambda: "The emulator" in anna.text, "the answer")
    second.signal(signal.SIGTERM)
    assert await second.wait() == 0
