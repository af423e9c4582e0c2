"""Reads the size of a picture, which Telegram sends with every photo."""

import struct
from typing import Final

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8"
_GIF: Final = (b"GIF87a", b"GIF89a")

# Start-of-frame markers of JPEG. C4, C8 and CC in this range have other meanings.
_JPEG_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def image_size(content: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels, or None if this is not PNG, GIF or JPEG."""
    try:
        if content.startswith(_PNG):
            width, height = struct.unpack_from(">II", content, 16)
            return width, height
        if content.startswith(_GIF):
            width, height = struct.unpack_from("<HH", content, 6)
            return width, height
        if content.startswith(_JPEG):
            return _jpeg_size(content)
    except struct.error:
        return None
    return None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    position = 2
    while True:
        start, marker, length = struct.unpack_from(">BBH", content, position)
        if start != 0xFF:  # noqa: PLR2004 - every JPEG segment begins with this byte
            return None
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", content, position + 5)
            return width, height
        position += 2 + length
