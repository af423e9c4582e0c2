"""A process that a supervisor keeps: started, watched, started again, stopped."""

import asyncio
import os
import socket
import sys
from pathlib import Path
from time import monotonic
from typing import Final

import structlog
from prometheus_client.multiprocess import mark_process_dead

from okno.kit.errors import StartupError
from okno.kit.metrics import SHARED
from okno.kit.timeouts import API_EXIT_SECONDS

log = structlog.get_logger(__name__)

STARTED: Final = "started"
"""What a process says on its output once it answers; anything else is why it can't."""
_START_SECONDS: Final = 60.0
_LONG_LIFE: Final = 60.0
_PAUSES: Final = (0.1, 1.0, 5.0, 30.0)
"""Before a process is started again, the longer the more often it has died within a minute."""


class Worker:
    """One place in the row, and the process that holds it at present."""

    def __init__(self, number: int, listener: socket.socket, folder: Path) -> None:
        """`folder`: of the metrics that all processes share."""
        self.number = number
        self._listener = listener
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        """None when there is no process."""
        process = self._process
        return process.pid if process is not None and process.returncode is None else None

    async def start(self) -> None:
        """Start a process and wait until it answers. Raises `StartupError`."""
        descriptor = self._listener.fileno()
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "api.supervision.child", str(descriptor)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            pass_fds=(descriptor,),
            env={**os.environ, SHARED: str(self._folder)},
            # Ctrl-C is meant for the supervisor, who tells the others.
            start_new_session=True,
        )
        said = await self._first_line(self._process)
        if said != STARTED:
            raise StartupError(said or "a process of the API did not start: its log says why.")

    async def keep(self) -> None:
        """Start a process again whenever it has ended, until cancelled."""
        deaths = 0
        while True:
            began = monotonic()
            await self._watch()
            deaths = 0 if monotonic() - began > _LONG_LIFE else deaths + 1
            await asyncio.sleep(_PAUSES[min(deaths, len(_PAUSES)) - 1] if deaths else 0.0)
            try:
                await self.start()
            except StartupError as error:
                log.warning("worker not started", worker=self.number, reason=str(error))

    async def stop(self, grace: float) -> None:
        """Let the process finish within `grace` seconds and a few more; then kill it."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            async with asyncio.timeout(grace + API_EXIT_SECONDS):
                await process.wait()
        except TimeoutError:
            log.warning("worker killed", worker=self.number)
            process.kill()
            await process.wait()

    async def _watch(self) -> None:
        assert self._process is not None  # noqa: S101 - started before
        code = await self._process.wait()
        log.error("worker died", worker=self.number, code=code)
        mark_process_dead(self._process.pid, str(self._folder))  # type: ignore[no-untyped-call] # it has none

    async def _first_line(self, process: asyncio.subprocess.Process) -> str:
        assert process.stdout is not None  # noqa: S101 - a pipe, see above
        try:
            async with asyncio.timeout(_START_SECONDS):
                return (await process.stdout.readline()).decode().strip()
        except TimeoutError:
            process.kill()
            return ""
