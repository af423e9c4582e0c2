"""SIGTERM and SIGINT: an end that is clean, and an end that is quick for who asks twice."""

import asyncio
import signal


class StopSignals:
    """The first signal ends the work cleanly; during the start, or a second time, it cancels."""

    def __init__(self) -> None:
        self.stop = asyncio.Event()
        self.working = False
        self._task = asyncio.current_task()

    def install(self) -> None:
        """Listen to the signals of this process."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.received)

    def received(self) -> None:
        if self._task is not None and (self.stop.is_set() or not self.working):
            self._task.cancel()
        self.stop.set()
