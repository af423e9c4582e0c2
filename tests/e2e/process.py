"""The bot as its own process, as an operator starts it."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import aiohttp

from sandbox.ports import free_port
from tests.conftest import ROOT
from tests.support.wait import until

STOP_TIMEOUT = 30.0


class BotProcess:
    """Runs `python -m tgbot`; its log lines are read back as JSON."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.port = free_port(0)
        self._environment = {
            **clean_environment(),
            **environment,
            "SERVER_PORT": str(self.port),
        }
        self._log = log
        self._process: asyncio.subprocess.Process

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start, and wait until the bot works."""
        starts = self.count("bot started")
        await self.launch()
        await until(lambda: self.ended or self.count("bot started") > starts, "the bot's start", 60)
        assert not self.ended, self._log.read_text()

    async def launch(self) -> None:
        with self._log.open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tgbot"),
                cwd=ROOT,
                env=self._environment,
                stdout=output,
                stderr=output,
            )

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
        return await self.wait()

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


def clean_environment() -> dict[str, str]:
    """What a program needs of the surroundings, without settings of a real installation."""
    foreign = ("TELEGRAM_", "POSTGRES_", "REDIS_", "SERVER_", "LOG_", "ADMIN_", "OKNO_")
    return {key: value for key, value in os.environ.items() if not key.startswith(foreign)}
