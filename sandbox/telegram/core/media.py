"""The official fields of media in messages."""

from typing import Final

from aiogram.types import BufferedInputFile, InputFile

from sandbox.telegram.core.files import StoredFile
from sandbox.telegram.core.world import World
from sandbox.telegram.errors import bad_request
from sandbox.telegram.shapes import Upload, Wire

_WITH_SIZE: Final = ("video", "animation")
_WITH_DURATION: Final = ("voice", "audio", "video", "animation")
_WITH_NAME: Final = ("document", "audio", "video", "animation")


def stored_media(world: World, kind: str, source: str | InputFile) -> StoredFile:
    """Store a new file, or find a stored one by its id. Raises ApiError."""
    if isinstance(source, BufferedInputFile):
        stored = world.files.add(kind, Upload(source.filename or kind, source.data))
        if kind == "photo" and not stored.width:
            raise bad_request("IMAGE_PROCESS_FAILED")
        return stored
    if isinstance(source, str) and source.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    known = world.files.find(str(source))
    if known is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if known.kind != kind:
        raise bad_request(f"can't use file of type {known.kind.title()} as {kind.title()}")
    return known


def media_content(stored: StoredFile, details: Wire | None = None) -> Wire:
    """Return the message field of the file; `details` come from the sender."""
    kind = stored.kind
    media = stored.base()
    if kind == "photo":
        return {"photo": [media | {"width": stored.width, "height": stored.height}]}
    media["mime_type"] = stored.mime_type
    if kind in _WITH_NAME:
        media["file_name"] = stored.name
    if kind in _WITH_DURATION:
        media["duration"] = 0
    if kind in _WITH_SIZE:
        media |= {"width": stored.width, "height": stored.height}
    media |= details or {}
    if kind == "animation":
        return {"animation": media, "document": {**stored.base(), "file_name": stored.name}}
    return {kind: media}
