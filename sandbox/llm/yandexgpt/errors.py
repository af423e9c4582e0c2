"""The error bodies of YandexGPT, which contain a gRPC status."""

from http import HTTPStatus
from typing import Any, Final

from sandbox.llm.problems import Problem, Refused

_STATUSES: Final[dict[Problem, tuple[int, HTTPStatus, str]]] = {
    Problem.BAD_REQUEST: (3, HTTPStatus.BAD_REQUEST, "Invalid request"),
    Problem.UNAUTHENTICATED: (16, HTTPStatus.UNAUTHORIZED, "Unknown api key"),
    Problem.PERMISSION_DENIED: (7, HTTPStatus.FORBIDDEN, "Permission denied"),
    Problem.NOT_FOUND: (5, HTTPStatus.NOT_FOUND, "Failed to get model"),
    Problem.GAUGE_LIMIT: (8, HTTPStatus.TOO_MANY_REQUESTS, "Gauge quota limit exceed"),
    Problem.HOURLY_LIMIT: (8, HTTPStatus.TOO_MANY_REQUESTS, "Rate quota limit exceed"),
    Problem.INTERNAL: (13, HTTPStatus.INTERNAL_SERVER_ERROR, "Internal server error"),
    Problem.UNAVAILABLE: (14, HTTPStatus.SERVICE_UNAVAILABLE, "Service unavailable"),
    Problem.DEADLINE: (4, HTTPStatus.GATEWAY_TIMEOUT, "Deadline exceeded"),
}


def error_body(refused: Refused) -> tuple[int, dict[str, Any]]:
    """Return status and body; an error inside a stream has the same body."""
    grpc_code, status, default = _STATUSES[refused.problem]
    error: dict[str, Any] = {
        "grpcCode": grpc_code,
        "httpCode": status.value,
        "message": refused.message or default,
        "httpStatus": status.phrase,
        "details": [],
    }
    return status.value, {"error": error}
