"""Link preview options. They are stored as the bot sends them; no link is fetched."""

from aiogram.client.default import Default
from aiogram.types import LinkPreviewOptions

from sandbox.telegram.shapes import Wire
from sandbox.telegram.wire.serialise import given, to_wire


def preview_content(
    options: LinkPreviewOptions | Default | None, *, is_disabled: bool | Default | None
) -> Wire:
    """Return the field `link_preview_options`; `is_disabled` is the older parameter."""
    wanted = to_wire(given(options)) or {}
    if not wanted and given(is_disabled):
        wanted = {"is_disabled": True}
    return {"link_preview_options": wanted} if wanted else {}
