"""Reads bodies as the Bot API accepts them: JSON, urlencoded or multipart.

They are bodies of requests, or the bot's answers to webhook requests.
"""

import json
from collections.abc import AsyncIterator
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qsl

from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from sandbox.telegram.errors import bad_request, too_large
from sandbox.telegram.shapes import Upload

MAX_BODY: Final = 50 * 1024 * 1024

RawFields: TypeAlias = tuple[dict[str, Any], dict[str, Upload]]
"""The fields and the files. Fields from JSON have their types, others are strings."""


async def read_limited(stream: AsyncIterator[bytes], limit: int = MAX_BODY) -> bytes:
    """Raises ApiError (413) as soon as the body is too large."""
    body = bytearray()
    async for chunk in stream:
        body += chunk
        if len(body) > limit:
            raise too_large()
    return bytes(body)


async def parse_body(content_type: str, body: bytes) -> RawFields:
    """Raises ApiError for a body that does not match its content type."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        return _json_fields(body), {}
    if kind == "multipart/form-data":
        return await _multipart(content_type, body)
    if kind in ("application/x-www-form-urlencoded", ""):
        return _urlencoded(body), {}
    return {}, {}


def _json_fields(body: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(body or b"{}")
    except ValueError:
        raise bad_request("can't parse request body as JSON") from None
    if not isinstance(fields, dict):
        raise bad_request("request body must be a JSON object")
    return fields


def _urlencoded(body: bytes) -> dict[str, Any]:
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True))
    except ValueError:
        raise bad_request("strings must be encoded in UTF-8") from None


async def _multipart(content_type: str, body: bytes) -> RawFields:
    async def whole() -> AsyncIterator[bytes]:
        yield body
        yield b""

    headers = Headers({"content-type": content_type})
    try:
        form = await MultiPartParser(headers, whole(), max_part_size=MAX_BODY).parse()  # type: ignore[arg-type]  # any async iterator will do
    except (MultiPartException, KeyError, ValueError):
        raise bad_request("can't parse multipart request body") from None
    fields: dict[str, Any] = {}
    files: dict[str, Upload] = {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            content = await value.read()
            files[name] = Upload(value.filename or name, content, value.content_type)
        else:
            fields[name] = value
    await form.close()
    return fields, files
