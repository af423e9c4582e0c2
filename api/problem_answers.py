"""Answers for errors: problem bodies (RFC 9457) in the language of the client."""

import json
from collections.abc import Sequence
from typing import Any, Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api.errors import MethodNotAllowed, RequestInvalid, RouteNotFound, status_of
from api.middleware.body import BodyRefused
from api.openai_errors import for_openai, is_openai
from api.problems import MEDIA_TYPE, type_of
from api.request_info import RequestInfo, request_info_of
from api.texts import Texts
from api.validation import describe_fields
from okno.kit.errors import OknoError

_TITLES: Final = {
    400: "problem-400",
    401: "problem-401",
    402: "problem-402",
    403: "problem-403",
    404: "problem-404",
    405: "problem-405",
    408: "problem-408",
    409: "problem-409",
    413: "problem-413",
    414: "problem-414",
    415: "problem-415",
    429: "problem-429",
    431: "problem-431",
    500: "problem-500",
    503: "problem-503",
}
_DETAILS: Final = {
    "invoice-outdated": "problem-invoice-outdated",
    "payment-required": "problem-payment-required",
    "unexpected": "problem-unexpected",
    "user-not-found": "problem-user-not-found",
}
"""Texts that replace those with commands of the bot."""
_UNAUTHENTICATED = 401
_WITH_RETRY = (429, 503)


class ProblemAnswers:
    """Turns errors into bodies and answers; one per process."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def body(
        self, error: OknoError, info: RequestInfo, errors: Sequence[dict[str, str]] = ()
    ) -> dict[str, Any]:
        """Return the problem body of an error; `errors`: the wrong fields with messages."""
        info.problem_code = error.code
        status = status_of(error)
        key = _DETAILS.get(error.code, f"error-{error.code}")
        body: dict[str, Any] = {
            **error.values,
            "type": type_of(error.code),
            "title": self._texts.get(info.language, _TITLES[status]),
            "status": status,
            "detail": self._texts.get(info.language, key, error.values),
            "code": error.code,
            "requestId": info.request_id,
        }
        if errors:
            body["errors"] = list(errors)
        return for_openai(body) if is_openai(info.path) else body

    def answer(
        self, error: OknoError, info: RequestInfo, errors: Sequence[dict[str, str]] = ()
    ) -> Response:
        body = self.body(error, info, errors)
        answer = Response(
            json.dumps(body, ensure_ascii=False).encode(), body["status"], media_type=MEDIA_TYPE
        )
        if answer.status_code == _UNAUTHENTICATED:
            answer.headers["WWW-Authenticate"] = "Bearer"
        if answer.status_code in _WITH_RETRY and "seconds" in error.values:
            answer.headers["Retry-After"] = str(error.values["seconds"])
        return answer

    def install(self, app: FastAPI) -> None:
        """Register the handlers for all errors that routes raise."""
        app.add_exception_handler(OknoError, self._refuse)
        app.add_exception_handler(RequestValidationError, self._refuse_unreadable)
        app.add_exception_handler(HTTPException, self._refuse_early)

    async def _refuse(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, OknoError)  # noqa: S101 - it is installed for these
        return self.answer(error, request_info_of(request))

    async def _refuse_unreadable(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - it is installed for these
        info = request_info_of(request)
        fields = describe_fields(error, self._texts, info.language)
        return self.answer(RequestInvalid(), info, fields)

    async def _refuse_early(self, request: Request, error: Exception) -> Response:
        """Answer an error that Starlette or FastAPI has raised."""
        assert isinstance(error, HTTPException)  # noqa: S101 - it is installed for these
        answer = self.answer(_named(error), request_info_of(request))
        answer.headers.update(error.headers or {})
        return answer


def _named(error: HTTPException) -> OknoError:
    if isinstance(error, BodyRefused):
        return error.error
    known = {404: RouteNotFound, 405: MethodNotAllowed}
    return known.get(error.status_code, RequestInvalid)()
