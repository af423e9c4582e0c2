"""The error bodies of OpenAI."""

from typing import Any, Final

from sandbox.llm.problems import Problem, Refused

_INVALID: Final = "invalid_request_error"
_SERVER: Final = "server_error"

_STATUSES: Final[dict[Problem, tuple[int, str, str | None, str]]] = {
    Problem.BAD_REQUEST: (400, _INVALID, None, "Invalid request."),
    Problem.UNAUTHENTICATED: (401, _INVALID, "invalid_api_key", "Incorrect API key provided."),
    Problem.PERMISSION_DENIED: (
        403,
        _INVALID,
        "unsupported_country_region_territory",
        "Country, region, or territory not supported",
    ),
    Problem.NOT_FOUND: (404, _INVALID, "model_not_found", "The model does not exist."),
    Problem.GAUGE_LIMIT: (429, "requests", "rate_limit_exceeded", "Rate limit reached."),
    Problem.HOURLY_LIMIT: (429, "requests", "rate_limit_exceeded", "Rate limit reached."),
    Problem.INTERNAL: (500, _SERVER, None, "The server had an error processing your request."),
    Problem.UNAVAILABLE: (503, _SERVER, None, "The engine is currently overloaded."),
    Problem.DEADLINE: (504, _SERVER, None, "Gateway timeout."),
}


def error_body(refused: Refused) -> tuple[int, dict[str, Any]]:
    """Return status and body; an error inside a stream has the same body."""
    status, kind, code, default = _STATUSES[refused.problem]
    message = default if refused.problem in _LIMITS else refused.message or default
    error = {"message": message, "type": kind, "param": refused.param, "code": code}
    return status, {"error": error}


_LIMITS: Final = frozenset({Problem.GAUGE_LIMIT, Problem.HOURLY_LIMIT})
"""Their messages come from YandexGPT's quotas, which OpenAI does not have."""
