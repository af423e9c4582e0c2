"""A server process that the sandbox owns: started, waited for, stopped, never left behind."""

import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from pwd import struct_passwd
from signal import SIGKILL, SIGTERM, Signals
from time import monotonic, sleep
from typing import TypedDict

Environment = dict[str, str]
"""The variables through which the product finds a server."""

START_TIMEOUT = 60.0
STOP_TIMEOUT = 20.0
_POLL = 0.02


class Server:
    """One child process. Restartable: `start` after `stop` or `kill` runs it on the same data."""

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        log: Path,
        is_ready: Callable[[], bool],
        stop_signal: Signals = SIGTERM,
        run_as: struct_passwd | None = None,
    ) -> None:
        """`log`: the file that takes all output; `run_as`: the account to change to, as root."""
        self._command = [str(part) for part in command]
        self._log = log
        self._is_ready = is_ready
        self._stop_signal = stop_signal
        self._run_as = run_as
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until the server answers; raises `RuntimeError` with the log's end."""
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                self._command,
                cwd=self._log.parent,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                **unprivileged(self._run_as),
            )
        deadline = monotonic() + START_TIMEOUT
        while not self._is_ready():
            if self._process.poll() is not None or monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"{self._command[0]} did not start:\n{self._last_lines()}")
            sleep(_POLL)

    def stop(self) -> None:
        """Ask the server to end and wait for it; kill it when it does not."""
        if self._process is None:
            return
        self._process.send_signal(self._stop_signal)
        try:
            self._process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def signal(self, number: Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)

    def kill(self, number: Signals = SIGKILL) -> None:
        """End the server at once, as a crash would."""
        if self._process is not None:
            self.signal(number)
            self._process.wait()
            self._process = None

    def _last_lines(self) -> str:
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-10:])


class Identity(TypedDict, total=False):
    """Arguments of `Popen` that change who the process is."""

    user: int
    group: int
    extra_groups: list[int]


def unprivileged(account: struct_passwd | None) -> Identity:
    """Give up root's rights for those of `account`; None: stay who we are."""
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
