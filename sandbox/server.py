"""Starts, restarts and stops a server process."""

import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from pwd import struct_passwd
from signal import SIGKILL, SIGTERM, Signals
from time import monotonic, sleep
from typing import TypedDict

Environment = dict[str, str]
"""The settings that lead Okno to a server."""

START_TIMEOUT_SECONDS = 60.0
STOP_TIMEOUT_SECONDS = 20.0
_POLL_SECONDS = 0.02


class Server:
    """A server as a child process. After `stop` or `kill`, `start` runs it on the same data."""

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        log: Path,
        is_ready: Callable[[], bool],
        stop_signal: Signals = SIGTERM,
        run_as: struct_passwd | None = None,
    ) -> None:
        """`log`: the file for all output; `run_as`: the account to run as, if we are root."""
        self._command = [str(part) for part in command]
        self._log = log
        self._is_ready = is_ready
        self._stop_signal = stop_signal
        self._run_as = run_as
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until the server answers. Raises `RuntimeError` with the log's end."""
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                self._command,
                cwd=self._log.parent,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                **unprivileged(self._run_as),
            )
        deadline = monotonic() + START_TIMEOUT_SECONDS
        while not self._is_ready():
            if self._process.poll() is not None or monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"{self._command[0]} did not start:\n{self._last_lines()}")
            sleep(_POLL_SECONDS)

    def stop(self) -> None:
        """Ask the server to end; kill it after `STOP_TIMEOUT_SECONDS`."""
        if self._process is None:
            return
        self._process.send_signal(self._stop_signal)
        try:
            self._process.wait(STOP_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def signal(self, number: Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)

    def kill(self, number: Signals = SIGKILL) -> None:
        """End the server at once, like a crash."""
        if self._process is not None:
            self.signal(number)
            self._process.wait()
            self._process = None

    def _last_lines(self) -> str:
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-10:])


class Identity(TypedDict, total=False):
    """Arguments of `Popen` that set the user and the groups of the process."""

    user: int
    group: int
    extra_groups: list[int]


def unprivileged(account: struct_passwd | None) -> Identity:
    """Return the arguments for running as `account`; None keeps our own account."""
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
