"""What is measured, each part a process of its own, on servers in a temporary folder.

Every process is on a leash: none outlives the measurement, however that ends.
"""

import json
import os
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from sandbox.child import Child
from sandbox.ports import HOST, free_port
from tools.bench.errors import BenchError

ROOT: Final = Path(__file__).parents[2]
TOKEN: Final = "1:bench"  # noqa: S105 - the emulator's, which opens nothing
START_TIMEOUT: Final = 60.0
_POLL: Final = 0.05
_FOREIGN: Final = ("TELEGRAM_", "POSTGRES_", "REDIS_", "SERVER_", "LOG_", "ADMIN_")


@dataclass(frozen=True, slots=True)
class Stage:
    """Addresses: of the emulator, and of the bot's own `/health` and `/metrics`."""

    telegram: str
    bot: str


@contextmanager
def okno_stage() -> Iterator[Stage]:
    """Okno's bot by polling, on PostgreSQL and Valkey that write to the disk as in production."""
    with _folder() as folder, _telegram(folder) as telegram, ExitStack() as stack:
        servers = Child(["sandbox.services", str(folder)], log=folder / "services.log")
        stack.callback(servers.stop)
        environment = json.loads(_first_line(servers))
        _migrate(folder, environment)
        port = free_port(0)
        environment |= {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_BASE": telegram,
            "SERVER_HOST": HOST,
            "SERVER_PORT": str(port),
        }
        with _bot(["tgbot"], folder, telegram, environment):
            yield Stage(telegram, f"http://{HOST}:{port}")


@contextmanager
def bare_stage() -> Iterator[str]:
    """The emulator and a bot that does next to nothing; yields the emulator's address."""
    with (
        _folder() as folder,
        _telegram(folder) as telegram,
        _bot(["tools.bench.bare_bot", telegram, TOKEN], folder, telegram),
    ):
        yield telegram


@contextmanager
def telegram_stage() -> Iterator[str]:
    """The emulator alone; yields its address."""
    with _folder() as folder, _telegram(folder) as telegram:
        yield telegram


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="okno-bench-") as folder:
        yield Path(folder)


@contextmanager
def _telegram(folder: Path) -> Iterator[str]:
    emulator = Child(
        ["sandbox.telegram", "--port", "0", "--token", TOKEN], log=folder / "emulator.log"
    )
    try:
        yield _first_line(emulator).split()[-1]
    finally:
        emulator.stop()


@contextmanager
def _bot(
    program: Sequence[str],
    folder: Path,
    telegram: str,
    environment: Mapping[str, str] | None = None,
) -> Iterator[None]:
    """Run a bot; what it said last is added to the reason why a measurement was given up."""
    bot = Child(program, log=folder / "bot.log", environment=_alone(environment or {}))
    try:
        _wait_until_polled(telegram, bot)
        yield
    except BenchError as error:
        raise BenchError(f"{error}\n{bot.last_words()}".rstrip()) from error
    finally:
        bot.stop()


def _migrate(folder: Path, environment: Mapping[str, str]) -> None:
    alembic = Child(
        ["alembic", "-c", str(ROOT / "alembic.ini"), "upgrade", "head"],
        log=folder / "migrations.log",
        environment=_alone(environment),
    )
    if alembic.wait() != 0:
        raise BenchError(f"the migrations failed:\n{alembic.last_words()}")


def _alone(environment: Mapping[str, str]) -> dict[str, str]:
    """Keep out the settings of a real installation; an empty one counts as none."""
    foreign = {name: "" for name in os.environ if name.startswith(_FOREIGN)}
    return {**foreign, "OKNO_ENV_FILE": os.devnull, **environment}


def _first_line(child: Child) -> str:
    line = child.first_line()
    if not line:
        raise BenchError(f"a server did not start:\n{child.last_words()}")
    return line


def _wait_until_polled(telegram: str, bot: Child) -> None:
    deadline = monotonic() + START_TIMEOUT
    while not _is_polled(telegram):
        if bot.ended or monotonic() > deadline:
            raise BenchError("the bot did not start:")
        sleep(_POLL)


def _is_polled(telegram: str) -> bool:
    try:
        with urllib.request.urlopen(f"{telegram}/sim/health", timeout=2) as answer:  # noqa: S310 - our own address
            return bool(json.load(answer)["polling"])
    except (urllib.error.URLError, OSError):
        return False
