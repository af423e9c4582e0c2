"""Limits for the address and the headers of a request, checked before its body is read."""

from collections.abc import Mapping
from typing import Final

from starlette.types import Scope

from api.errors import AddressTooLong, BodyTooLarge, HeadersTooLong, MediaTypeRefused

MAX_ADDRESS_BYTES: Final = 8 * 1024
MAX_HEADER_BYTES: Final = 16 * 1024


def check_head(scope: Scope, headers: Mapping[bytes, bytes], most_bytes: int) -> None:
    """Raise an `OknoError` if the address or a header is beyond its limit.

    `most_bytes`: the limit of the body.
    """
    if len(scope["raw_path"]) + len(scope["query_string"]) > MAX_ADDRESS_BYTES:
        raise AddressTooLong(limit=MAX_ADDRESS_BYTES)
    if sum(len(name) + len(value) for name, value in scope["headers"]) > MAX_HEADER_BYTES:
        raise HeadersTooLong(limit=MAX_HEADER_BYTES)
    length = int(headers.get(b"content-length", b"0"))
    if length > most_bytes:
        raise BodyTooLarge(limit=most_bytes)
    if (length or b"transfer-encoding" in headers) and not _is_plain_json(headers):
        raise MediaTypeRefused


def _is_plain_json(headers: Mapping[bytes, bytes]) -> bool:
    essence = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
    is_json = essence == b"application/json" or essence.endswith(b"+json")
    return is_json and headers.get(b"content-encoding", b"identity").strip().lower() == b"identity"
