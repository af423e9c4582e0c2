"""Waits for the bot's answer to a click or a payment."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from sandbox.telegram.core.callbacks import CallbackAnswer
from sandbox.telegram.core.checkouts import PaymentResult
from sandbox.telegram.core.emulator import Emulator
from sandbox.telegram.core.hub import Change, ChangeKind
from sandbox.telegram.wakeup import on_loop

T = TypeVar("T")


async def wait_for_answer(
    emulator: Emulator, query_id: str, seconds: float
) -> CallbackAnswer | None:
    """Wait for the answer to a click; return None if it does not come in time."""

    def answer() -> CallbackAnswer | None:
        return emulator.callback_answer(query_id)

    return await _wait(emulator, ChangeKind.CALLBACK_ANSWERED, query_id, answer, seconds)


async def wait_for_payment(emulator: Emulator, query_id: str) -> PaymentResult:
    """Wait for the end of a payment. Without an answer in time it fails for good."""
    checkouts = emulator.world.checkouts

    def result() -> PaymentResult | None:
        return checkouts.result(query_id)

    seconds = checkouts.seconds_left(query_id)
    found = await _wait(emulator, ChangeKind.CHECKOUT_ENDED, query_id, result, seconds)
    return found or checkouts.expire(query_id)


async def _wait(
    emulator: Emulator,
    kind: ChangeKind,
    query_id: str,
    find: Callable[[], T | None],
    seconds: float,
) -> T | None:
    found = asyncio.Event()

    def on_change(change: Change) -> None:
        is_it = change.kind is kind and change.data["id"] == query_id
        if is_it or change.kind is ChangeKind.RESET:
            found.set()

    unsubscribe = emulator.hub.subscribe(on_loop(on_change))
    try:
        if find() is None:
            async with asyncio.timeout(seconds):
                await found.wait()
    except TimeoutError:
        return None
    finally:
        unsubscribe()
    return find()
