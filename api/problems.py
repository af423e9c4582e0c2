"""The schema of problem bodies (RFC 9457), and the declaration of the errors of a route."""

from collections import defaultdict
from http import HTTPStatus
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from api.errors import status_of
from okno.kit.errors import OknoError

MEDIA_TYPE = "application/problem+json"
DECLARED = "x-problems"
"""The key under which `problems` leaves the codes; `api.openapi` replaces them by bodies."""


class FieldProblem(BaseModel):
    """A wrong field, and the reason."""

    field: Annotated[str, Field(examples=["userId"])]
    message: Annotated[str, Field(examples=["is missing"])]


class Problem(BaseModel):
    """Decide by `code`, which stays; `title` and `detail` are for people.

    Further members are what the detail speaks of, such as `available` and `needed`.
    """

    model_config = ConfigDict(alias_generator=to_camel, extra="allow")

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: list[FieldProblem] | None = None


def type_of(code: str) -> str:
    return f"urn:okno:problem:{code}"


def problems(*errors: type[OknoError]) -> dict[int | str, dict[str, Any]]:
    """Declare errors of a route: `@router.get(…, responses=problems(UserNotFound))`.

    Errors that every route can answer (no token, too many requests …) need not be named.
    """
    codes: dict[int, set[str]] = defaultdict(set)
    for error in errors:
        codes[status_of(error)].add(error.code)
    return {
        status: {"description": HTTPStatus(status).phrase, DECLARED: sorted(found)}
        for status, found in codes.items()
    }
