"""Child processes that end with their parent, even when it is killed."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from sandbox.environment import clean_environment

STOP_TIMEOUT_SECONDS = 40.0


class Child:
    """Runs `python -m …` under `sandbox.leash`; as a context manager, stops it at the end.

    The process has a session of its own: Ctrl-C does not reach it, so the parent can stop its
    children in the right order.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        log: Path,
        environment: Mapping[str, str] | None = None,
        python: str | Path = sys.executable,
    ) -> None:
        self.log = log
        with log.open("wb") as output:
            self._process = subprocess.Popen(  # noqa: S603 - our own programs
                [sys.executable, "-m", "sandbox.leash", python, "-m", *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                env={**clean_environment(), **(environment or {})},
                start_new_session=True,
                text=True,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def first_line(self) -> str:
        """Wait for the first line of output; return "" when the program ends without one."""
        assert self._process.stdout is not None  # noqa: S101 - a pipe, see above
        return self._process.stdout.readline()

    @property
    def pid(self) -> int:
        """The process id of the leash, which is the parent of the program."""
        return self._process.pid

    @property
    def ended(self) -> bool:
        return self._process.poll() is not None

    def wait(self) -> int:
        """Wait for the end of the program; return its exit code."""
        return self._process.wait()

    def stop(self) -> None:
        """Release the leash, which stops the program, and wait for its end."""
        self._process.communicate(timeout=STOP_TIMEOUT_SECONDS)

    def last_log_lines(self, lines: int = 5) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
