"""Problem bodies in the OpenAPI document, with examples made by the code that answers them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any, Final

from api.errors import (
    AddressTooLong,
    BodyTooLarge,
    BodyTooSlow,
    HeadersTooLong,
    MediaTypeRefused,
    Overloaded,
    RequestInvalid,
    RequestTimeout,
    TokenMissing,
    TooManyRequests,
    Unexpected,
    status_of,
)
from api.openai_errors import is_openai
from api.problem_answers import ProblemAnswers
from api.problems import DECLARED, MEDIA_TYPE, Problem
from api.request_info import RequestInfo
from okno.accounts.dto import Language
from okno.accounts.errors import TokenExpired, TokenInvalid
from okno.kit.actor import Forbidden
from okno.kit.errors import OknoError, TemporarilyUnavailable

_NUMBER: Final = 7
"""The value of every number in the examples."""
_REQUEST_ID: Final = "7c9e6679f1b24a5c8d3e0f1a2b3c4d5e"

Codes = dict[str, set[str]]
"""Codes of problems by HTTP status."""


class ProblemWriter:
    """Adds to operations the errors of their `problems`, and those that are usual for their form.

    Responses that several operations share stand once, in `components`.
    """

    def __init__(self, problems: ProblemAnswers) -> None:
        self._problems = problems
        self._errors = {error.code: error for error in _declared(OknoError)}
        self._examples: dict[str, Any] = {}
        self._responses: dict[str, Any] = {}

    @property
    def components(self) -> dict[str, Any]:
        """The components to which the operations refer."""
        return {
            "examples": dict(sorted(self._examples.items())),
            "responses": dict(sorted(self._responses.items())),
        }

    def write(self, path: str, operation: dict[str, Any]) -> None:
        responses = operation["responses"]
        responses.pop("422", None)  # FastAPI adds it, but we answer 400
        declared = {status: set(found.pop(DECLARED, ())) for status, found in responses.items()}
        usual = _usual(operation)
        for status in declared.keys() | usual.keys():
            own, shared = declared.get(status, set()), usual.get(status, set())
            if "content" in responses.get(status, {}) and own | shared:
                responses[status]["content"] |= self._response(path, status, own | shared)[
                    "content"
                ]
            elif own - shared:
                responses[status] = self._response(path, status, own | shared)
            elif shared:
                responses[status] = {"$ref": self._share(path, status, shared)}
        operation["responses"] = dict(sorted(responses.items()))

    def _share(self, path: str, status: str, codes: set[str]) -> str:
        name = "".join(filter(str.isalpha, HTTPStatus(int(status)).phrase.title()))
        if is_openai(path):
            name = f"OpenAi{name}"
        if name not in self._responses:
            self._responses[name] = self._response(path, status, codes)
        return f"#/components/responses/{name}"

    def _response(self, path: str, status: str, codes: set[str]) -> dict[str, Any]:
        told = ", ".join(f"`{code}`" for code in sorted(codes))
        return {
            "description": f"{HTTPStatus(int(status)).phrase}: {told}",
            "content": {
                MEDIA_TYPE: {
                    "schema": {"$ref": f"#/components/schemas/{Problem.__name__}"},
                    "examples": {
                        code: {"$ref": self._example(path, code)} for code in sorted(codes)
                    },
                }
            },
        }

    def _example(self, path: str, code: str) -> str:
        name = f"openai-{code}" if is_openai(path) else code
        if name not in self._examples:
            self._examples[name] = {"value": self._body(path, self._errors[code])}
        return f"#/components/examples/{name}"

    def _body(self, path: str, error: type[OknoError]) -> dict[str, Any]:
        info = RequestInfo(
            request_id=_REQUEST_ID,
            method="",
            path=path,
            address="",
            user_agent="",
            language=Language.EN,
            is_secure=True,
        )
        fields = [{"field": "userId", "message": "is missing"}] if error is RequestInvalid else []
        return self._problems.body(error(**dict.fromkeys(error.params, _NUMBER)), info, fields)


def _usual(operation: dict[str, Any]) -> Codes:
    codes: Codes = defaultdict(set)
    for error in usual_errors(operation):
        codes[str(status_of(error))].add(error.code)
    return codes


def usual_errors(operation: dict[str, Any]) -> Iterable[type[OknoError]]:
    """Return the errors that an operation can answer because of its form alone."""
    yield from (AddressTooLong, HeadersTooLong, Unexpected)
    yield from (Overloaded, RequestTimeout, TemporarilyUnavailable)
    if "security" in operation:
        yield from (TokenMissing, TokenInvalid, TokenExpired, Forbidden, TooManyRequests)
    if "parameters" in operation or "requestBody" in operation:
        yield RequestInvalid
    if "requestBody" in operation:
        yield from (BodyTooSlow, BodyTooLarge, MediaTypeRefused)


def _declared(root: type[OknoError]) -> Iterator[type[OknoError]]:
    for error in root.__subclasses__():
        if "code" in vars(error):
            yield error
        yield from _declared(error)
