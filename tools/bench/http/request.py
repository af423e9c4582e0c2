"""The request of a caller as bytes. It is made once, then only the number changes."""

from typing import Final

from sandbox.ports import HOST
from tools.bench.http.load import DIGITS, NUMBER, Caller

_HEAD: Final = (
    "POST {path} HTTP/1.1\r\n"
    "Host: {host}:{port}\r\n"
    "Content-Type: application/json\r\n"
    "Content-Length: {length}\r\n"
)


class Request:
    def __init__(self, port: int, path: str, caller: Caller) -> None:
        before, _, after = caller.body.partition(NUMBER)
        length = len(before.encode()) + DIGITS + len(after.encode())
        head = _HEAD.format(path=path, host=HOST, port=port, length=length)
        if caller.token is not None:
            head += f"Authorization: Bearer {caller.token}\r\n"
        self._before = f"{head}\r\n{before}".encode()
        self._after = after.encode()

    def numbered(self, number: int) -> bytes:
        return b"%s%0*d%s" % (self._before, DIGITS, number, self._after)
