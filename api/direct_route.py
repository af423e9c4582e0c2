"""Routes for a thousand requests a second: the signature of the endpoint is read only once.

FastAPI reads it for every request, and that is most of the time that FastAPI takes: see ADR 20.
"""

from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from inspect import Parameter, signature
from operator import attrgetter
from typing import Any, NamedTuple

from dishka.integrations.fastapi import DishkaRoute
from fastapi import params
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response

_DEPENDENCY, _HEADER, _BODY, _REQUEST = range(4)
"""The order of reading: a caller who is refused learns nothing of errors in the body."""


class DirectRoute(DishkaRoute):
    """Declared and documented like any other route; the endpoint must return a `Response`.

    The endpoint may take the request, services (`FromDishka`), dependencies on the request alone,
    headers that may be missing, and one body. Raises `TypeError` for an endpoint that takes more.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        endpoint = self.endpoint
        readers = sorted(
            map(_reader, signature(endpoint).parameters.values()), key=attrgetter("order")
        )

        async def handle(request: Request) -> Response:
            values = {reader.name: await reader.read(request) for reader in readers}
            response: Response = await endpoint(**values)
            return response

        return handle


class _Reader(NamedTuple):
    """Reads one parameter of an endpoint."""

    order: int
    name: str
    read: Callable[[Request], Awaitable[Any]]


def _reader(parameter: Parameter) -> _Reader:
    annotation = parameter.annotation
    if annotation is Request:
        return _Reader(_REQUEST, parameter.name, _read_request)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _Reader(_BODY, parameter.name, partial(_read_body, TypeAdapter(annotation)))
    for mark in getattr(annotation, "__metadata__", ()):
        if isinstance(mark, params.Depends) and (call := mark.dependency) and _is_readable(call):
            return _Reader(_DEPENDENCY, parameter.name, call)
        if isinstance(mark, params.Header) and parameter.default is not Parameter.empty:
            header = mark.alias or parameter.name.replace("_", "-")
            read = partial(_read_header, TypeAdapter(annotation), header, parameter.default)
            return _Reader(_HEADER, parameter.name, read)
    raise TypeError(f"a direct route can't read the parameter {parameter}")


def _is_readable(dependency: Callable[..., Any]) -> bool:
    taken = signature(dependency).parameters.values()
    return [parameter.annotation for parameter in taken] == [Request]


async def _read_request(request: Request) -> Request:
    return request


async def _read_header(
    adapter: TypeAdapter[object], name: str, default: object, request: Request
) -> object:
    given = request.headers.get(name)
    if given is None:
        return default
    try:
        return adapter.validate_python(given)
    except ValidationError as error:
        raise _located(error, "header", name) from error


async def _read_body(adapter: TypeAdapter[object], request: Request) -> object:
    try:
        return adapter.validate_json(await request.body())
    except ValidationError as error:
        raise _located(error, "body") from error


def _located(error: ValidationError, *place: str) -> RequestValidationError:
    """Add the place in the request to the errors, as FastAPI does."""
    errors = error.errors(include_url=False, include_input=False)
    return RequestValidationError([{**one, "loc": (*place, *one["loc"])} for one in errors])
