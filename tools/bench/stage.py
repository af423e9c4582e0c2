"""Starts the measured programs, each as a process, with servers in a temporary folder.

All processes end with the measurement, even when it is killed.
"""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sandbox.child import Child
from sandbox.ports import HOST, free_port
from sandbox.programs import (
    BOT,
    TOKEN,
    Program,
    address_of,
    migrate,
    models_at,
    settings_of,
    start_emulators,
    start_servers,
    telegram_at,
)
from tools.bench.errors import BenchError

ROOT: Final = Path(__file__).parents[2]
BARE_BOT: Final = Program("tools.bench.bare_bot", "bot started")


@dataclass(frozen=True, slots=True)
class Stage:
    """Addresses: of the emulators, and of the bot's `/health` and `/metrics`."""

    telegram: str
    bot: str


@contextmanager
def okno_stage(*options: str, **variables: str) -> Iterator[Stage]:
    """Run the bot with polling, on PostgreSQL and Valkey that write to disk as in production.

    `options` are command-line options of the emulators, `variables` are settings of the bot.
    """
    with (
        temporary_folder() as folder,
        _emulators(folder, *options) as origin,
        start_servers(folder) as servers,
    ):
        settings = settings_of(servers)
        migrate(folder, settings)
        port = str(free_port(0))
        settings |= telegram_at(origin) | models_at(origin)
        settings |= {"SERVER_HOST": HOST, "SERVER_PORT": port, **variables}
        with running(BOT, folder, settings):
            yield Stage(origin, f"http://{HOST}:{port}")


@contextmanager
def bare_stage() -> Iterator[str]:
    """Run the emulators and the bare bot; yield the address of the emulators."""
    with (
        temporary_folder() as folder,
        _emulators(folder) as origin,
        running(BARE_BOT, folder, {}, origin, TOKEN),
    ):
        yield origin


@contextmanager
def telegram_stage() -> Iterator[str]:
    """Run the emulators alone; yield their address."""
    with temporary_folder() as folder, _emulators(folder) as origin:
        yield origin


@contextmanager
def temporary_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="okno-bench-") as folder:
        yield Path(folder)


@contextmanager
def _emulators(folder: Path, *options: str) -> Iterator[str]:
    with start_emulators(folder, *options) as emulators:
        yield address_of(emulators)


@contextmanager
def running(
    program: Program, folder: Path, settings: Mapping[str, str], *arguments: str
) -> Iterator[Child]:
    """Run a program; add the last lines of its log to any `BenchError`."""
    with program.start(folder, settings, *arguments) as child:
        program.wait(child)
        try:
            yield child
        except BenchError as error:
            raise BenchError(f"{error}\n{child.last_log_lines()}".rstrip()) from error
