"""The demo starts and stops servers, migrations, emulators, bot, API and worker together."""

import fcntl
import secrets
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sandbox.child import Child
from sandbox.ports import HOST, free_port
from sandbox.programs import (
    API,
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

PAGE_PORT, BOT_PORT, API_PORT, API_METRICS_PORT = 8000, 8080, 8081, 8083
_POLL_SECONDS = 0.1


def run(folder: Path) -> None:
    """Run the demo on the data in `folder` until a child ends or the user interrupts.

    Raises `ProgramError`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        stack.enter_context(_only_one(folder))
        # They import slowly, so they start at the same time as the servers.
        emulators = stack.enter_context(start_emulators(folder, port=free_port(PAGE_PORT)))
        with step("PostgreSQL and Valkey"):
            servers = stack.enter_context(start_servers(folder))
            settings = settings_of(servers)
        with step("Migrations"):
            migrate(folder, settings)
        with step("Emulators of Telegram and the language models"):
            page = address_of(emulators)
        with step("Bot, API and worker"):
            settings |= {**telegram_at(page), **models_at(page), **_own_settings(folder)}
            programs = {
                program.module: stack.enter_context(program.start(folder, settings))
                for program in (WORKER, API, BOT)
            }
            for program in (WORKER, API, BOT):
                program.wait(programs[program.module])
        api = settings["API_URL"]
        _say(
            f"\n  Okno is ready. Talk to the bot at {page}\n"
            f"  The HTTP API: {api} (to read and to try: {api}/docs)\n"
            "  Ctrl-C ends everything.\n"
        )
        _watch({"servers": servers, "emulators": emulators, **programs})


def _own_settings(folder: Path) -> dict[str, str]:
    """Choose free ports; keep the secret, so that sessions survive a restart of the demo."""
    port = free_port(API_PORT)
    return {
        "SERVER_HOST": HOST,
        "SERVER_PORT": str(free_port(BOT_PORT)),
        "WORKER_PORT": "0",
        "API_HOST": HOST,
        "API_PORT": str(port),
        "API_METRICS_PORT": str(free_port(API_METRICS_PORT)),
        "API_URL": f"http://{HOST}:{port}",
        "JWT_SECRET": _secret(folder / "jwt-secret"),
    }


def _secret(file: Path) -> str:
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48))
    return file.read_text()


def _watch(children: Mapping[str, Child]) -> None:
    while True:
        for name, child in children.items():
            if child.ended:
                raise ProgramError(f"the {name} ended unexpectedly:\n{child.last_log_lines()}")
        time.sleep(_POLL_SECONDS)


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Raise `ProgramError` if a demo already uses the folder: two would destroy its data."""
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ProgramError("a demo runs in this folder already") from None
        yield


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
