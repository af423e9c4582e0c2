"""A program of the demo as a child process on a leash."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from sandbox.surroundings import surroundings

STOP_TIMEOUT = 40.0


class Child:
    """Runs `python -m …` in a session of its own, so that Ctrl-C in the terminal misses it.

    The demo then stops its children in the order that it likes. As a context: until its end.
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
                env={**surroundings(), **(environment or {})},
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
        """Wait for the first line of its output; empty when it ended without one."""
        assert self._process.stdout is not None  # noqa: S101 - a pipe, see above
        return self._process.stdout.readline()

    @property
    def pid(self) -> int:
        """The leash's, which is the parent of the program."""
        return self._process.pid

    @property
    def ended(self) -> bool:
        return self._process.poll() is not None

    def wait(self) -> int:
        """Wait for its end; return the exit code."""
        return self._process.wait()

    def stop(self) -> None:
        """Let go of the leash and wait until the program has ended."""
        self._process.communicate(timeout=STOP_TIMEOUT)

    def last_words(self, lines: int = 5) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
