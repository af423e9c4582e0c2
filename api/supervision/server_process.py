"""One process of a supervisor: it is started, restarted when it dies, and stopped."""

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
"""The first line of output of a process that answers; any other line is the reason of a failure."""
_START_TIMEOUT_SECONDS: Final = 60.0
_STABLE_SECONDS: Final = 60.0
_RESTART_PAUSES_SECONDS: Final = (0.1, 1.0, 5.0, 30.0)
"""Pauses before a restart; each death within `_STABLE_SECONDS` makes the next pause longer."""


class ServerProcess:
    """A process with a number; after a restart it is a new process with the same number."""

    def __init__(self, number: int, listener: socket.socket, folder: Path) -> None:
        """`folder`: the metrics that all processes share."""
        self.number = number
        self._listener = listener
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        """The id of the process; None when it is not running."""
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
            # Ctrl-C must reach only the supervisor, which stops the others.
            start_new_session=True,
        )
        said = await self._first_line(self._process)
        if said != STARTED:
            raise StartupError(said or "a process of the API did not start: its log says why.")

    async def keep(self) -> None:
        """Restart the process whenever it ends, until cancelled."""
        deaths = 0
        while True:
            began = monotonic()
            await self._watch()
            deaths = 0 if monotonic() - began > _STABLE_SECONDS else deaths + 1
            await asyncio.sleep(
                _RESTART_PAUSES_SECONDS[min(deaths, len(_RESTART_PAUSES_SECONDS)) - 1]
                if deaths
                else 0.0
            )
            try:
                await self.start()
            except StartupError as error:
                log.warning("worker not started", worker=self.number, reason=str(error))

    async def stop(self, grace: float) -> None:
        """Stop the process; kill it when it still runs some seconds after the grace."""
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
            async with asyncio.timeout(_START_TIMEOUT_SECONDS):
                return (await process.stdout.readline()).decode().strip()
        except TimeoutError:
            process.kill()
            return ""
