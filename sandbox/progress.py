"""Shows the steps of a program on the terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic


@contextmanager
def step(text: str) -> Iterator[None]:
    """Show `text` while the block runs, then its duration."""
    started = monotonic()
    if sys.stdout.isatty():
        sys.stdout.write(f"  {text} …\r")
        sys.stdout.flush()
    yield
    sys.stdout.write(f"  {text}: {monotonic() - started:.1f} s\n")
    sys.stdout.flush()
