"""Types of the data that the parts of the emulator pass to each other.

An object of Telegram is kept as the dictionary of its JSON: the emulator stores exactly what a bot
receives, so no conversion can lose anything.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

Wire: TypeAlias = dict[str, Any]
"""A JSON object as in the official documentation."""

Clock: TypeAlias = Callable[[], float]
"""Returns seconds since the epoch, like `time.time`."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a request, not stored yet."""

    filename: str
    content: bytes
    content_type: str | None = None
