"""Options and common constants of the measurement over HTTP."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

PARTS: Final = ("exchanges", "memory", "streams")
PEERS: Final = ("litellm",)
CHAT: Final = "/api/chat"
COMPLETIONS: Final = "/v1/chat/completions"
BYTES: Final = "/bytes"
"""The path on which the bare proxy passes bytes on without reading them."""
MODEL_VARIABLE: Final = "BENCH_MODEL"
"""The variable that names the address of the model to the bare proxy."""
PEOPLE: Final = 1000
PIECES: Final = 8
"""Pieces of an answer of the model, all written at once."""


@dataclass(frozen=True, slots=True)
class Options:
    """`only`: the parts to measure. `exchanges`: their number in the part `memory`.

    `peer`: a program to compare with. `workers`: processes of the API and of the others.
    """

    only: Sequence[str] = PARTS
    exchanges: int = 20_000
    peer: str | None = None
    workers: int = 1
