"""Waiting for the bot's answer to a pressed button."""

import asyncio

from sandbox.telegram.core.callbacks import CallbackAnswer
from sandbox.telegram.core.emulator import Emulator
from sandbox.telegram.core.hub import Change, ChangeKind
from sandbox.telegram.wakeup import on_loop


async def wait_for_answer(
    emulator: Emulator, query_id: str, seconds: float
) -> CallbackAnswer | None:
    """None when the bot did not answer in time."""
    answered = asyncio.Event()

    def on_change(change: Change) -> None:
        is_answer = change.kind is ChangeKind.CALLBACK_ANSWERED and change.data["id"] == query_id
        if is_answer or change.kind is ChangeKind.RESET:
            answered.set()

    unsubscribe = emulator.hub.subscribe(on_loop(on_change))
    try:
        if emulator.callback_answer(query_id) is None:
            async with asyncio.timeout(seconds):
                await answered.wait()
    except TimeoutError:
        return None
    finally:
        unsubscribe()
    return emulator.callback_answer(query_id)
