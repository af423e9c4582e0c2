"""A client of the Bot API: one connection that stays open, one call at a time."""

import json
from http.client import HTTPConnection
from typing import Any, Final
from urllib.parse import urlsplit

from tools.bench.errors import BenchError

_TIMEOUT_SECONDS: Final = 60.0


class BotApi:
    """Raises `BenchError` when a call is refused."""

    def __init__(self, address: str, token: str) -> None:
        self._connection = HTTPConnection(urlsplit(address).netloc, timeout=_TIMEOUT_SECONDS)
        self._path = f"/bot{token}"

    def call(self, method: str, **params: object) -> Any:  # noqa: ANN401 - JSON
        body = json.dumps(params).encode()
        headers = {"Content-Type": "application/json"}
        self._connection.request("POST", f"{self._path}/{method}", body, headers)
        reply = json.loads(self._connection.getresponse().read())
        if not reply["ok"]:
            raise BenchError(f"{method} was refused: {reply['description']}")
        return reply["result"]

    def close(self) -> None:
        self._connection.close()
