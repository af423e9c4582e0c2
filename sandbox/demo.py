"""The demo: servers, migrations, emulators, bot and worker, started and ended together."""

import fcntl
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sandbox.child import Child
from sandbox.ports import HOST, free_port
from sandbox.programs import (
    BOT,
    WORKER,
    ProgramError,
    address_of,
    migrate,
    models_at,
    settings_of,
    start_emulators,
    start_servers,
    telegram_at,
)
from sandbox.progress import step

PAGE_PORT, BOT_PORT = 8000, 8080
_POLL = 0.1


def run(folder: Path) -> None:
    """Run the demo on the data in `folder` until a child ends or the user interrupts.

    Raises `ProgramError`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        stack.enter_context(_only_one(folder))
        # Slow to import: they start beside the servers.
        emulators = stack.enter_context(start_emulators(folder, port=free_port(PAGE_PORT)))
        with step("PostgreSQL and Valkey"):
            servers = stack.enter_context(start_servers(folder))
            settings = settings_of(servers)
        with step("Migrations"):
            migrate(folder, settings)
        with step("Emulators of Telegram and the language models"):
            page = address_of(emulators)
        with step("Bot and worker"):
            settings |= {
                **telegram_at(page),
                **models_at(page),
                "SERVER_HOST": HOST,
                "SERVER_PORT": str(free_port(BOT_PORT)),
                "WORKER_PORT": "0",
            }
            worker = stack.enter_context(WORKER.start(folder, settings))
            bot = stack.enter_context(BOT.start(folder, settings))
            WORKER.wait(worker)
            BOT.wait(bot)
        _say(f"\n  Okno is ready. Talk to the bot at {page}\n  Ctrl-C ends everything.\n")
        _watch({"servers": servers, "emulators": emulators, "bot": bot, "worker": worker})


def _watch(children: Mapping[str, Child]) -> None:
    while True:
        for name, child in children.items():
            if child.ended:
                raise ProgramError(f"the {name} ended unexpectedly:\n{child.last_words()}")
        time.sleep(_POLL)


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Two demos on the same data would destroy it."""
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ProgramError("a demo runs in this folder already") from None
        yield


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
