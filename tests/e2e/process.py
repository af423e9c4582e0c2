"""Programs as processes of their own, as an operator starts them."""

import asyncio
import json
import signal
from pathlib import Path
from typing import Any, ClassVar

import aiohttp

from sandbox.environment import clean_environment
from sandbox.ports import free_port
from sandbox.programs import API, BOT, WORKER, Program
from tests.conftest import ROOT
from tests.support.secrets import expect_no_secret_in
from tests.support.wait import until

STOP_TIMEOUT = 30.0


class ProgramProcess:
    """Runs a program with a port of its own; its log lines are read back as JSON."""

    program: ClassVar[Program]
    port_setting: ClassVar[str]

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.port = free_port(0)
        self._environment = {
            **clean_environment(),
            **environment,
            self.port_setting: str(self.port),
        }
        self._log = log
        self._process: asyncio.subprocess.Process

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start, and wait until the program works."""
        started = self.program.started
        starts = self.count(started)
        await self.launch()
        await until(lambda: self.ended or self.count(started) > starts, started, 60)
        assert not self.ended, self._log.read_text()

    async def launch(self) -> None:
        with self._log.open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                *self.program.command,
                cwd=ROOT,
                env=self._environment,
                stdout=output,
                stderr=output,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def ended(self) -> bool:
        return self._process.returncode is not None

    async def wait(self) -> int:
        """Wait for its end; return the exit code."""
        async with asyncio.timeout(STOP_TIMEOUT):
            return await self._process.wait()

    async def stop(self) -> int:
        if not self.ended:
            self._process.send_signal(signal.SIGTERM)
        code = await self.wait()
        expect_no_secret_in(self._log)
        return code

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def log_entries(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log_lines() if line.startswith("{")]

    def log_lines(self) -> list[str]:
        if not self._log.exists():
            return []
        return self._log.read_text().splitlines()

    def said(self, message: str) -> bool:
        return self.count(message) > 0

    def count(self, message: str) -> int:
        return sum(entry["message"] == message for entry in self.log_entries())

    async def get(self, path: str) -> tuple[int, str]:
        async with (
            aiohttp.ClientSession() as client,
            client.get(f"{self.address}{path}") as response,
        ):
            return response.status, await response.text()


class ApiProcess(ProgramProcess):
    """`python -m api`."""

    program = API
    port_setting = "API_PORT"


class BotProcess(ProgramProcess):
    """`python -m tgbot`."""

    program = BOT
    port_setting = "SERVER_PORT"


class WorkerProcess(ProgramProcess):
    """`python -m worker`."""

    program = WORKER
    port_setting = "WORKER_PORT"
