"""Problem bodies under `/v1` in the form of OpenAI's errors.

https://platform.openai.com/docs/guides/error-codes
"""

from typing import Any, Final

_PREFIX = "/v1/"
_TYPES: Final = {
    401: "authentication_error",
    402: "insufficient_quota",
    403: "permission_error",
    429: "rate_limit_error",
    500: "server_error",
    503: "server_error",
}
_OTHER_TYPE = "invalid_request_error"
_CODES: Final = {
    "budget-spent": "insufficient_quota",
    "model-not-offered": "model_not_found",
    "payment-required": "insufficient_quota",
    "question-too-long": "context_length_exceeded",
    "token-invalid": "invalid_api_key",
    "too-many-requests": "rate_limit_exceeded",
}
"""Codes for which OpenAI has a name of its own; clients decide by it."""
_PARAMS: Final = {"model-not-offered": "model", "question-too-long": "messages"}


def is_openai(path: str) -> bool:
    return path.startswith(_PREFIX)


def for_openai(body: dict[str, Any]) -> dict[str, Any]:
    """Add the member `error`, the only one that these clients read."""
    fields, code = body.get("errors") or [{}], body["code"]
    return {
        **body,
        "error": {
            "message": _message(body),
            "type": _TYPES.get(body["status"], _OTHER_TYPE),
            "param": _PARAMS.get(code, fields[0].get("field")),
            "code": _CODES.get(code, code.replace("-", "_")),
        },
    }


def _message(body: dict[str, Any]) -> str:
    """Return the detail with the wrong fields: these clients show only the message."""
    fields = (f"{field['field']} {field['message']}" for field in body.get("errors", ()))
    return " ".join((body["detail"], "; ".join(fields))).rstrip()
