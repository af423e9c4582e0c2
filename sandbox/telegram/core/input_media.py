"""InputMedia of albums and of editMessageMedia: a file with its caption."""

from typing import Final, TypeAlias

from aiogram.types import (
    InputMediaAnimation,
    InputMediaAudio,
    InputMediaDocument,
    InputMediaLivePhoto,
    InputMediaPhoto,
    InputMediaVideo,
)

from sandbox.telegram.core.content import caption_content
from sandbox.telegram.core.media import media_content, stored_media
from sandbox.telegram.core.views import MEDIA_KINDS
from sandbox.telegram.core.world import World
from sandbox.telegram.errors import bad_request
from sandbox.telegram.shapes import Wire
from sandbox.telegram.wire.serialise import given, to_wire

AnyInputMedia: TypeAlias = (
    InputMediaAnimation
    | InputMediaAudio
    | InputMediaDocument
    | InputMediaLivePhoto
    | InputMediaPhoto
    | InputMediaVideo
)

DETAILS: Final = ("width", "height", "duration", "performer", "title")


def input_media_content(world: World, media: AnyInputMedia) -> Wire:
    """Return the message fields. Raises ApiError for a kind that the emulator does not show."""
    kind = str(to_wire(media.type))
    if kind not in MEDIA_KINDS:
        raise bad_request(f'can\'t parse InputMedia: type "{kind}" is unsupported')
    stored = stored_media(world, kind, media.media)
    content = media_content(stored, media_details(media))
    content |= caption_content(media.caption, media.parse_mode, media.caption_entities)
    if given(getattr(media, "show_caption_above_media", None)):
        content["show_caption_above_media"] = True
    if getattr(media, "has_spoiler", None):
        content["has_media_spoiler"] = True
    return content


def media_details(source: object) -> Wire:
    """Return the details that the sender gives: size, duration, title."""
    told = {name: getattr(source, name, None) for name in DETAILS}
    return {name: to_wire(value) for name, value in told.items() if value is not None}
