"""Cuts and joins the frames of a stream, as a network does: a client must not notice."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Final

_PAUSE_SECONDS: Final = 0.001
_GLUED_FRAMES: Final = 4
_CONTINUES: Final = 0x80  # the two highest bits of a continuation byte in UTF-8
_MASK: Final = 0xC0


async def torn(frames: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    """Yield pieces that end inside a frame and, if possible, inside a character.

    The pauses keep the network from joining the pieces.
    """
    rest = b""
    async for frame in frames:
        middle = _tear(frame)
        yield rest + frame[:middle]
        rest = frame[middle:]
        await asyncio.sleep(_PAUSE_SECONDS)
    if rest:
        yield rest


async def glued(frames: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    """Yield several frames as one piece."""
    waiting: list[bytes] = []
    async for frame in frames:
        waiting.append(frame)
        if len(waiting) == _GLUED_FRAMES:
            yield b"".join(waiting)
            waiting.clear()
    if waiting:
        yield b"".join(waiting)


def _tear(frame: bytes) -> int:
    middle = len(frame) // 2
    places = (*range(middle, len(frame)), *range(middle))
    return next((place for place in places if frame[place] & _MASK == _CONTINUES), middle)
