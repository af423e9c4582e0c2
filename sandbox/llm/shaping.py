"""Where a stream of frames is cut for the network: a client must not care."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Final

_PAUSE: Final = 0.001
_GLUED: Final = 4
_CONTINUES: Final = 0x80  # the two highest bits of a byte inside a character of UTF-8
_MASK: Final = 0xC0


async def torn(frames: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    """Pieces that end in the middle of a frame; inside a character, if it has a long one.

    The pauses keep the network from putting them together again.
    """
    rest = b""
    async for frame in frames:
        middle = _tear(frame)
        yield rest + frame[:middle]
        rest = frame[middle:]
        await asyncio.sleep(_PAUSE)
    if rest:
        yield rest


async def glued(frames: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    """Several frames at once."""
    waiting: list[bytes] = []
    async for frame in frames:
        waiting.append(frame)
        if len(waiting) == _GLUED:
            yield b"".join(waiting)
            waiting.clear()
    if waiting:
        yield b"".join(waiting)


def _tear(frame: bytes) -> int:
    middle = len(frame) // 2
    places = (*range(middle, len(frame)), *range(middle))
    return next((place for place in places if frame[place] & _MASK == _CONTINUES), middle)
