"""The demo: servers, migrations, emulator and bot, each a process, started and ended together."""

import fcntl
import json
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sandbox.child import Child
from sandbox.ports import HOST, free_port
from sandbox.progress import step

TOKEN = "1:demo"  # noqa: S105 - the emulator's, which opens nothing
PAGE_PORT, BOT_PORT = 8000, 8080
START_TIMEOUT = 60.0
ALEMBIC = Path(__file__).parents[1] / "alembic.ini"
_POLL = 0.1

# A proxy of the surroundings does not lead to this machine.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))

# What the surroundings say of a real installation must not reach the demo.
_FOREIGN = ("TELEGRAM_", "POSTGRES_", "REDIS_", "SERVER_", "LOG_", "ADMIN_", "OKNO_")


class DemoError(Exception):
    """The demo can't start; the message says why."""


def run(folder: Path) -> None:
    """Run the demo on the data in `folder` until a child ends or the user interrupts."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in [name for name in os.environ if name.startswith(_FOREIGN)]:
        del os.environ[name]
    os.environ["OKNO_ENV_FILE"] = os.devnull
    with ExitStack() as stack:
        stack.enter_context(_only_one(folder))
        page = f"http://{HOST}:{free_port(PAGE_PORT)}"
        emulator = _start_emulator(folder, page)  # slow to import: it starts beside the others
        stack.callback(emulator.stop)
        with step("PostgreSQL and Valkey"):
            servers = Child(["sandbox.services", str(folder)], log=folder / "services.log")
            stack.callback(servers.stop)
            environment = _environment_of(servers)
        with step("Migrations"):
            _migrate(folder, environment)
        with step("Telegram emulator"):
            _wait_until(lambda: _get(f"{page}/sim/health") is not None, emulator, "the emulator")
        with step("Bot"):
            bot = _start_bot(folder, page, environment)
            stack.callback(bot.stop)
            _wait_until(lambda: _is_polled(page), bot, "the bot")
        _say(f"\n  Okno is ready. Talk to the bot at {page}\n  Ctrl-C ends everything.\n")
        _watch({"servers": servers, "emulator": emulator, "bot": bot})


def _environment_of(servers: Child) -> dict[str, str]:
    line = servers.first_line()
    if not line:
        raise DemoError(f"the servers did not start:\n{servers.last_words()}")
    environment: dict[str, str] = json.loads(line)
    return environment


def _migrate(folder: Path, environment: dict[str, str]) -> None:
    alembic = Child(
        ["alembic", "-c", str(ALEMBIC), "upgrade", "head"],
        log=folder / "migrations.log",
        environment=environment,
    )
    if alembic.wait() != 0:
        raise DemoError(f"the migrations failed:\n{alembic.last_words()}")


def _start_emulator(folder: Path, page: str) -> Child:
    port = page.rpartition(":")[2]
    return Child(
        ["sandbox.telegram", "--port", port, "--token", TOKEN], log=folder / "emulator.log"
    )


def _start_bot(folder: Path, page: str, environment: dict[str, str]) -> Child:
    port = free_port(BOT_PORT)
    return Child(
        ["tgbot"],
        log=folder / "bot.log",
        environment={
            **environment,
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_BASE": page,
            "SERVER_HOST": HOST,
            "SERVER_PORT": str(port),
        },
    )


def _is_polled(page: str) -> bool:
    health = _get(f"{page}/sim/health")
    return health is not None and bool(health["polling"])


def _wait_until(condition: Callable[[], bool], child: Child, name: str) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while not condition():
        if child.ended or time.monotonic() > deadline:
            raise DemoError(f"{name} did not start:\n{child.last_words()}")
        time.sleep(_POLL)


def _watch(children: dict[str, Child]) -> None:
    while True:
        for name, child in children.items():
            if child.ended:
                raise DemoError(f"the {name} ended unexpectedly:\n{child.last_words()}")
        time.sleep(_POLL)


def _get(url: str) -> dict[str, object] | None:
    try:
        with _DIRECT.open(url, timeout=2) as answer:
            body: dict[str, object] = json.load(answer)
            return body
    except (urllib.error.URLError, OSError):
        return None


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Two demos on the same data would destroy it."""
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DemoError("a demo runs in this folder already") from None
        yield


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
