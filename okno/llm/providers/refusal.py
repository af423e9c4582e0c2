"""Refusals of the services, read from bodies of every known shape and told apart.

YandexGPT: `{"error": {"grpcCode", "httpCode", "message", …}}`, also without the wrapper and with a
gRPC `code`. OpenAI: `{"error": {"message", "type", "param", "code"}}`. Others send a text as
`error`, or `{"object": "error", "message", "code"}`.
"""

import json
import re
from dataclasses import dataclass
from http import HTTPStatus

from okno.llm.errors import (
    ModelAccessDenied,
    ModelBusy,
    ModelCrowded,
    ModelError,
    ModelKeyRefused,
    ModelNotFound,
    ModelRequestRefused,
    ModelStreamBroken,
    ModelTimeout,
    ModelUnavailable,
)
from okno.llm.providers.frames import Json
from okno.llm.providers.values import number

# The statuses that gRPC gateways use: https://grpc.io/docs/guides/status-codes.
_GRPC_STATUS = {3: 400, 4: 504, 5: 404, 7: 403, 8: 429, 13: 500, 14: 503, 16: 401}
# Names that services of OpenAI's kind give as `code` or `type`.
_NAMED_STATUS = {
    "insufficient_quota": 402,
    "invalid_api_key": 401,
    "authentication_error": 401,
    "permission_error": 403,
    "model_not_found": 404,
    "not_found_error": 404,
    "invalid_request_error": 400,
    "rate_limit_exceeded": 429,
    "rate_limit_error": 429,
    "overloaded_error": 503,
    "server_error": 500,
}
_ERRORS: dict[int, type[ModelError]] = {
    0: ModelStreamBroken,
    401: ModelKeyRefused,
    402: ModelAccessDenied,
    403: ModelAccessDenied,
    404: ModelNotFound,
    408: ModelTimeout,
    504: ModelTimeout,
}
_FIRST_ERROR = 400
# A limit of requests at once: there is room again as soon as one of them ends.
_GAUGE = re.compile(r"gauge|concurren", re.IGNORECASE)
_DEFAULT_PAUSE_SECONDS = 60
"""Seconds, when the service does not say how long its limit holds."""
_MAX_PAUSE_SECONDS = 3600
"""Seconds: a longer pause is taken for a mistake of the service."""
_MAX_MESSAGE_LENGTH = 500


class FaultFound(ModelRequestRefused):
    """The service does not accept the request; `body` may name the field."""

    def __init__(self, body: str) -> None:
        super().__init__()
        self.body = body


@dataclass(frozen=True, slots=True)
class Refusal:
    """The refusal of a service.

    `status`: the HTTP status, 0 when it is unknown; `message`: for people, shortened; `body`: the
    whole refusal; `retry_after`: seconds.
    """

    status: int
    message: str
    body: str
    retry_after: int | None = None

    def __str__(self) -> str:
        return f"{self.status}: {self.message}"

    def error(self) -> ModelError:
        if self.status == HTTPStatus.TOO_MANY_REQUESTS:
            if _GAUGE.search(self.message):
                return ModelCrowded()
            return ModelBusy(
                seconds=min(self.retry_after or _DEFAULT_PAUSE_SECONDS, _MAX_PAUSE_SECONDS)
            )
        if (kind := _ERRORS.get(self.status)) is not None:
            return kind()
        if _FIRST_ERROR <= self.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            return FaultFound(self.body)
        return ModelUnavailable()


def read_refusal(status: int, body: bytes, retry_after: str | None) -> Refusal:
    """Read a response without success; its body may hold anything."""
    text = body.decode(errors="replace")
    try:
        details = _details(json.loads(text))
    except (ValueError, RecursionError):
        details = {}
    # Here the name tells more than the status: OpenAI sends 429 when there is no money left.
    known = _status(details)
    return Refusal(
        status=known if known == HTTPStatus.PAYMENT_REQUIRED else status,
        message=_message(details) or text[:_MAX_MESSAGE_LENGTH],
        body=text,
        retry_after=number(retry_after) or None,
    )


def refusal_in(frame: Json) -> Refusal | None:
    """Find a refusal in a frame of a stream."""
    if not frame.get("error") and not frame.keys() & {"code", "message"}:
        return None
    details = _details(frame)
    return Refusal(_status(details), _message(details), json.dumps(frame))


def _details(body: object) -> Json:
    if not isinstance(body, dict):
        return {}
    error = body.get("error") or body
    return error if isinstance(error, dict) else {"message": error}


def _message(details: Json) -> str:
    return str(details.get("message") or "")[:_MAX_MESSAGE_LENGTH]


def _status(details: Json) -> int:
    """Find the HTTP status that the details name, by number or by word; 0 for none."""
    for name in ("httpCode", "http_code", "status", "code"):
        if (status := number(details.get(name))) >= _FIRST_ERROR:
            return status
    for name in ("grpcCode", "grpc_code", "code"):
        if (status := _GRPC_STATUS.get(number(details.get(name)), 0)) != 0:
            return status
    for name in ("code", "type"):
        if (status := _NAMED_STATUS.get(str(details.get(name)), 0)) != 0:
            return status
    return 0
