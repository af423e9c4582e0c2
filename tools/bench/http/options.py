"""What may be chosen when HTTP is measured, and what is the same in all of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

PARTS: Final = ("turns", "memory", "streams")
PEERS: Final = ("litellm",)
CHAT: Final = "/api/chat"
COMPLETIONS: Final = "/v1/chat/completions"
BYTES: Final = "/bytes"
"""A way past everything that the bare proxy could leave out."""
MODEL_VARIABLE: Final = "BENCH_MODEL"
"""Tells the bare proxy where the model is."""
PEOPLE: Final = 1000
PIECES: Final = 8
"""In which the model's answer comes where nothing else is said, all of them at one time."""


@dataclass(frozen=True, slots=True)
class Options:
    """`only`: these parts. `turns`: of the part `memory`. `peer`: is measured beside the turns.

    `workers`: processes of the API, and of what it is compared with.
    """

    only: Sequence[str] = PARTS
    turns: int = 20_000
    peer: str | None = None
    workers: int = 1
