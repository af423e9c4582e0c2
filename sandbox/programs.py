"""Starts the programs of Okno for the demo, the benchmark and the tests.

It makes the settings that lead them to the servers and emulators, and waits until they work.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

from sandbox.child import Child

TOKEN = "1:demo"  # noqa: S105 - opens only the emulator
KEY = "demo-key"
START_TIMEOUT_SECONDS = 60.0
ALEMBIC = Path(__file__).parents[1] / "alembic.ini"
_POLL_SECONDS = 0.05


class ProgramError(Exception):
    """A program did not start or ended too early; the message says which, and why."""


@dataclass(frozen=True, slots=True)
class Program:
    """The program `python -m <module>`. It works as soon as its log has the text `started`."""

    module: str
    started: str

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-m", self.module]

    def start(self, folder: Path, settings: Mapping[str, str], *arguments: str) -> Child:
        """Start the program with its log in `folder`; `wait` waits until it works."""
        log = folder / f"{self.module}.log"
        return Child([self.module, *arguments], log=log, environment=settings)

    def wait(self, child: Child) -> None:
        """Wait until the program works. Raises `ProgramError`."""
        deadline = monotonic() + START_TIMEOUT_SECONDS
        while self.started not in child.log.read_text(errors="replace"):
            if child.ended or monotonic() > deadline:
                raise ProgramError(f"{self.module} did not start:\n{child.last_log_lines()}")
            sleep(_POLL_SECONDS)


BOT = Program("tgbot", "bot started")
WORKER = Program("worker", "worker started")
API = Program("api", "api started")


def telegram_at(origin: str, token: str = TOKEN) -> dict[str, str]:
    """Return the settings for the emulated Telegram at `origin`."""
    return {"TELEGRAM_API_BASE": origin, "TELEGRAM_BOT_TOKEN": token}


def models_at(origin: str) -> dict[str, str]:
    """Return the settings for the emulated language models at `origin`."""
    return {
        "YANDEXGPT_API_BASE": f"{origin}/yandexgpt",
        "YANDEXGPT_API_KEY": KEY,
        "YANDEXGPT_FOLDER_ID": "demo",
        "OPENAI_API_BASE": f"{origin}/openai/v1",
        "OPENAI_API_KEY": KEY,
    }


def start_emulators(folder: Path, *options: str, port: int = 0) -> Child:
    """Start the emulators on one origin; `address_of` returns it."""
    command = ["sandbox.telegram", "--port", str(port), "--token", TOKEN, *options]
    return Child(command, log=folder / "emulators.log")


def address_of(emulators: Child) -> str:
    """Wait until the emulators listen; return their origin. Raises `ProgramError`."""
    return _first_line(emulators, "the emulator").split()[-1]


def start_servers(folder: Path) -> Child:
    """Start PostgreSQL and Valkey on the data in `folder`; `settings_of` returns their settings."""
    return Child(["sandbox.servers", str(folder)], log=folder / "servers.log")


def settings_of(servers: Child) -> dict[str, str]:
    """Wait until both servers work; return the settings for them. Raises `ProgramError`."""
    settings: dict[str, str] = json.loads(_first_line(servers, "the servers"))
    return settings


def migrate(folder: Path, settings: Mapping[str, str]) -> None:
    """Run the migrations. Raises `ProgramError`."""
    command = ["alembic", "-c", str(ALEMBIC), "upgrade", "head"]
    with Child(command, log=folder / "migrations.log", environment=settings) as alembic:
        if alembic.wait() != 0:
            raise ProgramError(f"the migrations failed:\n{alembic.last_log_lines()}")


def _first_line(child: Child, name: str) -> str:
    line = child.first_line()
    if not line:
        raise ProgramError(f"{name} did not start:\n{child.last_log_lines()}")
    return line
