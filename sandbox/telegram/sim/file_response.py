"""Serves the files of a chat, so that an upload cannot run as a page of this origin."""

from typing import Final
from urllib.parse import quote

from starlette.responses import Response

from sandbox.telegram.core.files import StoredFile

# Types that a browser shows but does not run.
_SHOWN: Final = ("image/png", "image/jpeg", "image/gif", "image/webp", "audio/", "video/")


def file_response(stored: StoredFile) -> Response:
    is_shown = stored.mime_type.startswith(_SHOWN)
    disposition = "inline" if is_shown else "attachment"
    return Response(
        stored.content,
        media_type=stored.mime_type if is_shown else "application/octet-stream",
        headers={
            "Content-Disposition": f"{disposition}; filename*=UTF-8''{quote(stored.name)}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
        },
    )
