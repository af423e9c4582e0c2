"""Changes heard on the event loop, whichever thread they happen in."""

import asyncio

from sandbox.telegram.core.hub import Change, Listener


def on_loop(listener: Listener) -> Listener:
    """The same listener, called by the running loop: a test may click from another thread."""
    loop = asyncio.get_running_loop()

    def schedule(change: Change) -> None:
        loop.call_soon_threadsafe(listener, change)

    return schedule
