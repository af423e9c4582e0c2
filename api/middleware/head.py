"""What can be told from the head of a request alone: whether it is worth reading on."""

from collections.abc import Mapping
from typing import Final

from starlette.types import Scope

from api.errors import AddressTooLong, BodyTooLarge, HeadersTooLong, MediaTypeRefused

LONGEST_ADDRESS: Final = 8 * 1024
LONGEST_HEADERS: Final = 16 * 1024


def check_head(scope: Scope, headers: Mapping[bytes, bytes], most_bytes: int) -> None:
    """Raise the `OknoError` that says what is wrong with the address or the headers.

    `most_bytes`: how long a body may be.
    """
    if len(scope["raw_path"]) + len(scope["query_string"]) > LONGEST_ADDRESS:
        raise AddressTooLong(limit=LONGEST_ADDRESS)
    if sum(len(name) + len(value) for name, value in scope["headers"]) > LONGEST_HEADERS:
        raise HeadersTooLong(limit=LONGEST_HEADERS)
    length = int(headers.get(b"content-length", b"0"))
    if length > most_bytes:
        raise BodyTooLarge(limit=most_bytes)
    if (length or b"transfer-encoding" in headers) and not _is_plain_json(headers):
        raise MediaTypeRefused


def _is_plain_json(headers: Mapping[bytes, bytes]) -> bool:
    essence = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
    is_json = essence == b"application/json" or essence.endswith(b"+json")
    return is_json and headers.get(b"content-encoding", b"identity").strip().lower() == b"identity"
