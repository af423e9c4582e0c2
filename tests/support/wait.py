"""Waiting for what another task or process does, bounded in time."""

import asyncio
from collections.abc import Callable
from time import monotonic

TIMEOUT = 20.0


async def until(
    condition: Callable[[], bool],
    what: str = "the condition",
    timeout: float = TIMEOUT,  # noqa: ASYNC109 - a name for the reader
) -> None:
    """Return as soon as the condition holds; fail after `timeout` seconds."""
    deadline = monotonic() + timeout
    while not condition():
        if monotonic() > deadline:
            raise AssertionError(f"waited in vain for {what}")
        await asyncio.sleep(0.005)
