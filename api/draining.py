"""The end of the process: long answers may go on for a grace period, then they are ended."""

import asyncio

from okno.kit.errors import OknoError


class Draining:
    """Tells long answers to end; one per process.

    `is_due` is set when the grace period after SIGTERM is over.
    """

    def __init__(self) -> None:
        self.is_due = asyncio.Event()

    async def wait(self, error: OknoError) -> None:
        """Wait until answers have to end, then raise this error."""
        await self.is_due.wait()
        raise error
