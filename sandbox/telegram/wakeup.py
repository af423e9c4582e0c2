"""Passes changes from any thread to the event loop."""

import asyncio

from sandbox.telegram.core.hub import Change, Listener


def on_loop(listener: Listener) -> Listener:
    """Return a listener that calls this one on the running loop: tests click from other threads."""
    loop = asyncio.get_running_loop()

    def schedule(change: Change) -> None:
        loop.call_soon_threadsafe(listener, change)

    return schedule
