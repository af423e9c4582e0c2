"""The start of a program, which tells in one line why it fails, and its end by signals.

The first SIGTERM or SIGINT ends a program cleanly, the second one at once.
"""

import asyncio
import gc
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any

import structlog
import uvloop

from okno.kit.errors import StartupError
from okno.kit.secrets import hide_secrets

CAN_NOT_START = 2
"""The exit code when settings or surroundings are not as they must be."""


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


async def until_signal(work: Callable[[StopSignals], Awaitable[None]]) -> None:
    """Run the work until it ends by itself, or by SIGTERM or SIGINT."""
    signals = StopSignals()
    signals.install()
    with suppress(asyncio.CancelledError):
        await work(signals)


def run_program(begin: Callable[[], Coroutine[Any, Any, None]]) -> int:
    """Run what `begin` returns to its end and return the exit code.

    A `StartupError` of either is told in one line.
    """
    try:
        work = begin()
        # Loggers keep their configuration from now on: looking it up costs a tenth of a line.
        structlog.configure(cache_logger_on_first_use=True)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(work)
    except StartupError as error:
        sys.stderr.write(f"okno: {hide_secrets(' '.join(str(error).split()))}\n")
        return CAN_NOT_START
    return 0


def settle_memory() -> None:
    """Spare the garbage collector what the imports have made, which never becomes garbage.

    It also looks less often: dozens of requests in work are thousands of objects that are alive,
    and are freed without it. That takes 15 MB and gives a twentieth of the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
