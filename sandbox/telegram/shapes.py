"""Names for the plain data that travels between the parts of the emulator.

Everything that Telegram calls an object is kept as the dictionary that goes over the wire: what
the emulator stores is what a bot receives, and nothing is lost in a conversion.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

Wire: TypeAlias = dict[str, Any]
"""A JSON object in the shape of the official documentation."""

Clock: TypeAlias = Callable[[], float]
"""Seconds since the epoch, as `time.time`."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a request, not stored yet."""

    filename: str
    content: bytes
    content_type: str | None = None
