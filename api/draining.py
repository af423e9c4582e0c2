"""The end of the process, as streams see it: they may go on for a while, then say that they end."""

import asyncio


class Draining:
    """One per process: `is_due` is set when streams have had their grace after SIGTERM."""

    def __init__(self) -> None:
        self.is_due = asyncio.Event()
