"""Waiting for the bot's answer to a pressed button, or to a payment."""

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
    """None when the bot did not answer in time."""

    def answer() -> CallbackAnswer | None:
        return emulator.callback_answer(query_id)

    return await _wait(emulator, ChangeKind.CALLBACK_ANSWERED, query_id, answer, seconds)


async def wait_for_payment(emulator: Emulator, query_id: str) -> PaymentResult:
    """A bot that did not answer in time may not answer any more."""
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
